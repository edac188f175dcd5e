import { useTranslation } from 'react-i18next';
import { localeFor } from './when.tsx';

/** A number by the language of the browser. */
export function useNumberText(): (number: number) => string {
  const { i18n } = useTranslation();
  const format = new Intl.NumberFormat(localeFor(i18n.language));
  return (number) => format.format(number);
}
