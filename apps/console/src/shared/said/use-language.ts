import { useTranslation } from 'react-i18next';

/** The language of the person, for what is said by code. */
export function useLanguage(): string {
  return useTranslation().i18n.language;
}
