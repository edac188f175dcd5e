import { useTranslation } from 'react-i18next';
import { Untrusted } from '../untrusted.tsx';
import type { Said } from './said.ts';
import { useLanguage } from './use-language.ts';

/** A text for people, and behind it the server's own words where they say more. */
export function SaidText({ said: { text, original } }: { said: Said }) {
  return (
    <>
      <Untrusted text={text} />
      <Original text={original} />
    </>
  );
}

/** Words that no code stands for: as they are in English, folded up in another language. */
export function UncodedText({ text }: { text: string }) {
  return useLanguage() === 'en' ? <Untrusted text={text} /> : <Original text={text} />;
}

/** The server's own words, folded up; nothing where there are none. */
export function Original({ text }: { text: string | null }) {
  const { t } = useTranslation();
  if (text === null || text === '') return null;
  return (
    <details>
      <summary>{t('shared.original')}</summary>
      <span lang="en">
        <Untrusted text={text} />
      </span>
    </details>
  );
}
