import { addTexts } from '../i18n/i18n.ts';
import { de } from './texts.de.ts';
import { en } from './texts.en.ts';

declare module '../i18n/i18n.ts' {
  interface Texts {
    directory: typeof en;
  }
}

addTexts('directory', { en, de });
