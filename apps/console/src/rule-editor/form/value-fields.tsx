import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useContext, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemsContext, useTools, type FieldChoice } from '../editor-tools.ts';
import { readList, readScalar, valueKind, writeList, writeScalar, type ValueKind } from '../model/field-values.ts';
import type { ValueShape } from '../model/predicate-edits.ts';
import { useProblemsAt, type PlaceProblems } from '../use-problems.ts';
import { notes } from './field-notes.tsx';
import { useTyped } from './use-typed.ts';

interface Props {
  shape: ValueShape | undefined;
  field: Pick<FieldChoice, 'path' | 'type' | 'values'>;
  value: unknown;
  place: string;
  onChange: (value: unknown) => void;
}

/** The value of a condition, as its operator and its field want it. */
export function ValueFields({ shape, field, value, place, onChange }: Props) {
  const { t } = useTranslation('editor');
  const shown = useValueProblems(place, value);
  const kind = valueKind(field.type);
  const choices = useValueChoices(field, kind);
  if (shape === 'none')
    return value === undefined ? null : <OddValue value={value} place={place} onChange={onChange} />;
  if (shape === 'array')
    return <ListField {...{ kind, value, place, onChange }} label={t('values')} shown={notes(shown)} />;
  if (shape === 'pair')
    return (
      <PairFields {...{ kind, value, place, onChange }} shown={notes(shown, kind === 'any' ? t('dateValue') : '')} />
    );
  if (shape === 'scalar' && choices.length > 0) {
    return <ChoiceField {...{ choices, kind, value, place, onChange }} shown={notes(shown)} />;
  }
  const label = shape === 'pattern' ? t('pattern') : t('value');
  const isText = shape === 'pattern' || shape === 'string';
  const hint = kind !== 'any' || isText ? '' : shape === 'scalar' ? t('anyValue') : t('dateValue');
  return (
    <ScalarField {...{ label, value, place, onChange }} kind={isText ? 'text' : kind} shown={notes(shown, hint)} />
  );
}

/** A value that was not come to yet is no mistake, and one that was left out is missing. */
function useValueProblems(place: string, value: unknown): PlaceProblems {
  const { t } = useTranslation('editor');
  const { isTouched } = useContext(ProblemsContext);
  const { error, warning } = useProblemsAt(place);
  if (value !== undefined || error === undefined) return { error, warning };
  return { error: isTouched(place) ? t('codes.required') : undefined, warning };
}

interface Choice {
  value: unknown;
  label: string;
}

/** Statuses, commands, managers, yes and no: what can be chosen. */
function useValueChoices(field: Props['field'], kind: ValueKind): Choice[] {
  const { t } = useTranslation('editor');
  const { registry } = useTools();
  if (kind === 'boolean') {
    return [
      { value: true, label: t('yes') },
      { value: false, label: t('no') },
    ];
  }
  if (field.values !== undefined)
    return field.values.map(({ value, label }) => ({ value, label: `${label} (${value})` }));
  if (field.path === 'brand') return registry.brands.map((brand) => ({ value: brand, label: brand }));
  const source = sources[field.path];
  if (source === undefined) return [];
  const params = registry.actions.flatMap(({ params }) => params);
  return [...(params.find(({ refers_to }) => refers_to === source)?.choices ?? [])];
}

/** What the directory has for fields that hold its ids and codes. */
const sources: Readonly<Record<string, string>> = {
  'customer.assigned_manager_id': 'manager',
  'customer.team_id': 'team',
  'customer.desk': 'desk',
};

interface FieldProps {
  kind: ValueKind;
  value: unknown;
  place: string;
  onChange: (value: unknown) => void;
  shown: ReturnType<typeof notes>;
}

const other = 'other';

function ChoiceField({ choices, kind, value, place, onChange, shown }: FieldProps & { choices: Choice[] }) {
  const { t } = useTranslation('editor');
  const [isTyped, setTyped] = useState(false);
  const at = choices.findIndex((choice) => choice.value === value);
  const isOther = isTyped || (at === -1 && value !== undefined);
  const mayBeOther = kind !== 'boolean' || isOther;
  return (
    <>
      <NativeSelect
        data-place={isOther ? undefined : place}
        label={t('value')}
        value={isOther ? other : at === -1 ? '' : String(at)}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value === other);
          if (currentTarget.value !== other) onChange(choices[Number(currentTarget.value)]?.value);
        }}
        data={[
          ...(at === -1 && !isOther ? [{ value: '', label: t('chooseValue') }] : []),
          ...choices.map(({ label }, index) => ({ value: String(index), label })),
          ...(mayBeOther ? [{ value: other, label: t('otherValue') }] : []),
        ]}
        {...(isOther ? {} : shown)}
      />
      {isOther && <ScalarField label={t('otherValue')} {...{ kind, value, place, onChange, shown }} />}
    </>
  );
}

function ScalarField({ label, kind, value, place, onChange, shown }: FieldProps & { label: string }) {
  const { t } = useTranslation('editor');
  const { language } = useTools();
  const [text, type] = useTyped<unknown>(
    value,
    (one) => writeScalar(one, kind, language),
    (typed) => (typed === '' ? undefined : readScalar(typed, kind, language)),
    onChange,
  );
  // A thousand and a decimal sign look alike across languages: say what was understood.
  const isAmbiguous = typeof value === 'number' && /[.,\s]/.test(text.trim());
  const meaning = isAmbiguous ? t('meansNumber', { number: new Intl.NumberFormat(language).format(value) }) : undefined;
  return (
    <TextInput
      data-place={place}
      label={label}
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
      inputMode={kind === 'number' ? 'decimal' : 'text'}
      autoComplete="off"
      {...shown}
      {...(meaning !== undefined && shown.error === undefined && { description: meaning })}
    />
  );
}

function ListField({ label, kind, value, place, onChange, shown }: FieldProps & { label: string }) {
  const { language } = useTools();
  const [text, type] = useTyped<unknown>(
    value,
    (one) => (Array.isArray(one) ? writeList(one, kind, language) : writeScalar(one, kind, language)),
    (typed) => readList(typed, Array.isArray(value) ? (value as unknown[]) : [], kind, language),
    onChange,
  );
  return (
    <Textarea
      data-place={place}
      label={label}
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
      rows={Math.min(8, Math.max(2, text.split('\n').length))}
      spellCheck={false}
      {...shown}
    />
  );
}

function PairFields({ kind, value, place, onChange, shown }: FieldProps) {
  const { t } = useTranslation('editor');
  const [low, high] = Array.isArray(value) ? (value as unknown[]) : [];
  const set = (next: unknown[]): void =>
    onChange(next.every((one) => one === undefined) ? undefined : next.map((one) => one ?? ''));
  return (
    <>
      <ScalarField
        label={t('from')}
        kind={kind}
        value={low}
        place={place}
        shown={shown}
        onChange={(one) => set([one, high])}
      />
      <ScalarField
        label={t('until')}
        kind={kind}
        value={high}
        place={`${place}[1]`}
        shown={notes({ error: undefined, warning: undefined })}
        onChange={(one) => set([low, one])}
      />
    </>
  );
}

/** A value where there should be none: it can be taken away. */
function OddValue({ value, place, onChange }: Pick<Props, 'value' | 'place' | 'onChange'>) {
  const { t } = useTranslation('editor');
  return (
    <ScalarField label={t('value')} kind="any" {...{ value, place, onChange }} shown={notes(useProblemsAt(place))} />
  );
}
