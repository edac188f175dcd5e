import { Textarea, TextInput } from '@mantine/core';
import { useTools } from '../editor-tools.ts';
import { writeScalar } from '../model/field-values.ts';
import { setMember } from '../model/rule-edits.ts';
import { useProblemsAt } from '../use-problems.ts';
import { notes } from './field-notes.tsx';

interface Props {
  name: string;
  label: string;
  value: unknown;
  hint?: string;
  placeholder?: string;
  rows?: number;
}

/** A member of the rule that is a text. */
export function TextMember({ name, label, value, hint, placeholder, rows }: Props) {
  const tools = useTools();
  const properties = {
    'data-place': name,
    label,
    value: typeof value === 'string' ? value : writeScalar(value, 'any', tools.language),
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => {
      const { value: text } = currentTarget;
      tools.change((rule) => setMember(rule, name, text), { about: name });
    },
    autoComplete: 'off',
    ...(placeholder !== undefined && { placeholder }),
    ...notes(useProblemsAt(name), hint),
  };
  return rows === undefined ? <TextInput {...properties} /> : <Textarea {...properties} rows={rows} />;
}
