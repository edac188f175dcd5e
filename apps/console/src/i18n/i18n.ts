/** The languages of the console. Texts of a screen are loaded with it, in all languages: a change takes no request. */
import { createInstance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { de } from './de.ts';
import { en } from './en.ts';

/** The texts by namespace. A screen adds its own where it calls `addTexts`. */
export interface Texts {
  app: typeof en;
}

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'app';
    resources: Texts;
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
    defaultNS: 'app',
    resources: { en: { app: en }, de: { app: de } },
    // Visible, also to tests.
    parseMissingKeyHandler: (key) => `⟦${key}⟧`,
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

/** Adds the texts of a screen, once, when its module is loaded. */
export function addTexts(namespace: Exclude<keyof Texts, 'app'>, byLanguage: Record<Language, object>): void {
  for (const [language, resources] of Object.entries(byLanguage)) {
    texts.addResourceBundle(language, namespace, resources);
  }
}
