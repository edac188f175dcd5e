import { useTranslation } from 'react-i18next';
import { Untrusted } from '../untrusted.tsx';
import type { Said } from './said.ts';

/** A text for people, and behind it the server's own words where they say more. */
export function SaidText({ said: { text, original } }: { said: Said }) {
  return (
    <>
      <Untrusted text={text} />
      <Original text={original} />
    </>
  );
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
