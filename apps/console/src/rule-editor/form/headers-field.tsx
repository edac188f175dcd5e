import { Button, Fieldset, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isObject } from '../model/condition-tree.ts';
import { isSame } from '../model/rule-merge.ts';
import { memberPath } from '../model/problem-places.ts';
import { useProblemsAt } from '../use-problems.ts';
import { notes } from './field-notes.tsx';
import { ProblemNote } from './problem-note.tsx';
import { ReferenceField } from './reference-field.tsx';

type Row = [name: string, value: string];

/** Names and values. Rows whose name is empty or there twice are kept here until they have one of their own. */
export function HeadersField({
  legend,
  value,
  place,
  onChange,
}: {
  legend: string;
  value: unknown;
  place: string;
  onChange: (headers: unknown) => void;
}) {
  const { t } = useTranslation('editor');
  const [kept, setKept] = useState<{ rows: Row[]; value: unknown }>(() => ({ rows: rowsOf(value), value }));
  const rows = isSame(kept.value, value) ? kept.rows : rowsOf(value);
  const set = (next: Row[]): void => {
    const named = next.filter(([name]) => name !== '');
    const headers = named.length === 0 ? undefined : Object.fromEntries(named);
    setKept({ rows: next, value: headers });
    onChange(headers);
  };
  const change = (index: number, row: Row): void => set(rows.map((one, at) => (at === index ? row : one)));
  return (
    <Fieldset legend={legend} data-place={place} variant="unstyled">
      <Stack gap="xs" align="flex-start">
        <ProblemNote place={place} except={rows.map(([name]) => memberPath(place, name))} />
        {rows.map(([name, text], index) => (
          <HeaderRow
            // Rows have no id, and are only added at the end.
            key={index}
            row={[name, text]}
            number={index + 1}
            place={memberPath(place, name)}
            onChange={(row) => change(index, row)}
            onRemove={() => set(rows.filter((_, at) => at !== index))}
          />
        ))}
        <Button size="compact-xs" variant="default" onClick={() => set([...rows, ['', '']])}>
          {t('addHeader')}
        </Button>
      </Stack>
    </Fieldset>
  );
}

interface RowProps {
  row: Row;
  number: number;
  place: string;
  onChange: (row: Row) => void;
  onRemove: () => void;
}

function HeaderRow({ row: [name, text], number, place, onChange, onRemove }: RowProps) {
  const { t } = useTranslation('editor');
  return (
    <Group gap="xs" align="flex-start">
      <TextInput
        label={t('headerName', { number })}
        value={name}
        onChange={({ currentTarget }) => onChange([currentTarget.value, text])}
        spellCheck={false}
        autoComplete="off"
      />
      <ReferenceField
        label={t('headerValue', { number })}
        value={text}
        place={place}
        isLong={false}
        shown={notes(useProblemsAt(place))}
        onChange={(next) => onChange([name, next])}
      />
      <Button size="compact-xs" variant="default" aria-label={t('removeHeader', { number })} onClick={onRemove}>
        {t('remove')}
      </Button>
    </Group>
  );
}

function rowsOf(value: unknown): Row[] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(([name, text]) => [name, typeof text === 'string' ? text : JSON.stringify(text)]);
}
