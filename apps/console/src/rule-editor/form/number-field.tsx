import { TextInput } from '@mantine/core';
import { useTools } from '../editor-tools.ts';
import { readNumber, writeScalar } from '../model/field-values.ts';
import { useProblemsAt } from '../use-problems.ts';
import { notes } from './field-notes.tsx';
import { useTyped } from './use-typed.ts';

interface Props {
  label: string;
  hint?: string;
  value: unknown;
  place: string;
  placeholder?: string;
  /** @param value undefined: none; a text where it is no number, which validation names */
  onChange: (value: unknown) => void;
}

export function NumberField({ label, hint, value, place, placeholder, onChange }: Props) {
  const { language } = useTools();
  const [text, type] = useTyped<unknown>(
    value,
    (one) => writeScalar(one, 'number', language),
    (typed) => (typed.trim() === '' ? undefined : (readNumber(typed, language) ?? typed)),
    onChange,
  );
  return (
    <TextInput
      data-place={place}
      label={label}
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
      inputMode="numeric"
      autoComplete="off"
      {...(placeholder !== undefined && { placeholder })}
      {...notes(useProblemsAt(place), hint)}
    />
  );
}
