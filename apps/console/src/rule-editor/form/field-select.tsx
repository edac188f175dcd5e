import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFields, type FieldChoice } from '../editor-tools.ts';
import { useProblemsAt } from '../use-problems.ts';
import { notes } from './field-notes.tsx';

const other = '\u0000other';
const groups = ['event', 'trade', 'account', 'customer', 'brand', 'data'] as const;

/** The fields that the trigger offers, by what they are about; and any other by its path. */
export function FieldSelect({
  field,
  place,
  onChange,
}: {
  field: string;
  place: string;
  onChange: (path: string) => void;
}) {
  const { t } = useTranslation('editor');
  const { fields } = useFields();
  const [isTyped, setTyped] = useState(false);
  const known = fields.find(({ path }) => path === field);
  const isOther = isTyped || (known === undefined && field !== '');
  const shown = notes(useProblemsAt(place));
  const unit = known?.unit;
  return (
    <>
      <NativeSelect
        data-place={isOther ? undefined : place}
        data-control="first"
        label={t('field')}
        value={isOther ? other : field}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value === other);
          if (value !== other) onChange(value);
        }}
        data={[
          ...(field === '' && !isOther ? [{ value: '', label: t('chooseValue') }] : []),
          ...useGroups(fields),
          { value: other, label: t('otherField') },
        ]}
        maw="100%"
        {...(isOther
          ? {}
          : { ...shown, ...(shown.description === undefined && unit !== undefined && { description: unit }) })}
      />
      {isOther && (
        <TextInput
          data-place={place}
          label={t('fieldPath')}
          value={field}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
          {...notesWithHint(shown, t('fieldPathHelp'))}
        />
      )}
    </>
  );
}

function notesWithHint(shown: ReturnType<typeof notes>, hint: string) {
  return { description: hint, ...shown };
}

function useGroups(fields: readonly FieldChoice[]) {
  const { t } = useTranslation('editor');
  const option = ({ path, label }: FieldChoice) => ({
    value: path,
    label: label === path ? path : `${label} – ${path}`,
  });
  const named = (root: string): string => {
    const known = groups.find((one) => one === root);
    if (known !== undefined) return t(`fieldGroups.${known}`);
    return root === 'amount_usd' ? t('fieldGroups.amount') : root;
  };
  const own = fields.filter(({ isOwn }) => isOwn);
  const roots = [...new Set(own.map(({ root }) => root))];
  const others = fields.filter(({ isOwn }) => !isOwn);
  return [
    ...roots.map((root) => ({ group: named(root), items: own.filter((one) => one.root === root).map(option) })),
    ...(others.length > 0 ? [{ group: t('fieldGroups.others'), items: others.map(option) }] : []),
  ];
}
