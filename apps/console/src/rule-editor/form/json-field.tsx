import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isSame } from '../model/rule-merge.ts';
import { useProblemsAt } from '../use-problems.ts';
import { notes } from './field-notes.tsx';

interface Props {
  label: string;
  value: unknown;
  place: string;
  /** @param value undefined: none is said */
  onChange: (value: unknown) => void;
}

function written(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}

/** A value of any shape, for what has no field of its own. While it is no JSON the rule keeps what it was. */
export function JsonField({ label, value, place, onChange }: Props) {
  const { t } = useTranslation('editor');
  const [typed, setTyped] = useState(() => ({ text: written(value), value, isBroken: false }));
  const shownProblems = notes(useProblemsAt(place));
  const { text, isBroken } = isSame(typed.value, value) ? typed : { text: written(value), isBroken: false };
  const type = (next: string): void => {
    try {
      const meant: unknown = next.trim() === '' ? undefined : JSON.parse(next);
      setTyped({ text: next, value: meant, isBroken: false });
      onChange(meant);
    } catch {
      setTyped({ text: next, value, isBroken: true });
    }
  };
  return (
    <Textarea
      data-place={place}
      label={label}
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
      rows={Math.min(10, Math.max(2, text.split('\n').length))}
      spellCheck={false}
      {...shownProblems}
      {...(isBroken && { error: t('notJson') })}
    />
  );
}
