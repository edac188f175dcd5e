/** The languages of the console. Both are part of the bundle, so that a change takes no request. */
import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { de } from './de.ts';
import { en } from './en.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

/** The name of each language, in itself. */
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

const texts = createInstance();
const storageKey = 'signalbox.language';

function isLanguage(text: string | null | undefined): text is Language {
  return text === 'en' || text === 'de';
}

function preferred(): Language {
  const kept = localStorage.getItem(storageKey);
  if (isLanguage(kept)) return kept;
  return navigator.languages.map((one) => one.slice(0, 2)).find(isLanguage) ?? 'en';
}

export function startLanguages(): void {
  texts.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  void texts.use(initReactI18next).init({
    lng: preferred(),
    fallbackLng: 'en',
    resources: { en: { translation: en }, de: { translation: de } },
    // React escapes.
    interpolation: { escapeValue: false },
    initAsync: false,
  });
}

export function setLanguage(text: string): void {
  if (!isLanguage(text)) return;
  localStorage.setItem(storageKey, text);
  void texts.changeLanguage(text);
}
