import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTools } from '../editor-tools.ts';
import { writeScalar } from '../model/field-values.ts';
import type { ActionParam } from '../rule-editor.queries.ts';
import { useProblemsAt } from '../use-problems.ts';
import { ApproversField } from './approvers-field.tsx';
import { notes } from './field-notes.tsx';
import { HeadersField } from './headers-field.tsx';
import { JsonField } from './json-field.tsx';
import { NumberField } from './number-field.tsx';
import { useParamTexts } from './param-texts.ts';
import { ReferenceField } from './reference-field.tsx';
import { SpanField } from './span-field.tsx';

interface Props {
  param: ActionParam;
  value: unknown;
  place: string;
  /** @param value undefined: the action says nothing of it */
  onChange: (value: unknown) => void;
}

/** A text from so many characters on has several lines. */
const longText = 1000;

/** A parameter of an action, by what the registry says of it. What it cannot show it shows as JSON. */
export function ParamField({ param, value, place, onChange }: Props) {
  const { label, hint } = useParamTexts(param);
  const shown = notes(useProblemsAt(place), hint);
  const common = { value, place, onChange };
  if (param.type === 'headers') return <HeadersField legend={label} {...common} />;
  if (param.shape === 'span') return <SpanField legend={label} hint={hint} {...common} />;
  if (param.shape === 'approvers') return <ApproversField legend={label} hint={hint} {...common} />;
  if (param.type === 'object' || (typeof value === 'object' && value !== null))
    return <JsonField label={label} {...common} />;
  if (param.type === 'boolean' || param.values !== undefined)
    return <FixedChoice {...{ param, label, shown }} {...common} />;
  if (param.refers_to !== undefined) return <DirectoryChoice {...{ param, label, shown }} {...common} />;
  if (param.type === 'string' || param.type === 'id') return <TextParam {...{ param, label, shown }} {...common} />;
  return <NumberParam {...{ param, label, shown }} {...common} />;
}

type Part = Props & { label: string; shown: ReturnType<typeof notes> };

function FixedChoice({ param, label, shown, value, place, onChange }: Part) {
  const { t } = useTranslation('editor');
  const { valueName, defaultText } = useParamTexts(param);
  const choices: { value: unknown; label: string }[] =
    param.type === 'boolean'
      ? [
          { value: true, label: t('yes') },
          { value: false, label: t('no') },
        ]
      : (param.values ?? []).map((one) => ({ value: one, label: valueName(one) }));
  const at = choices.findIndex((choice) => choice.value === value);
  const isOdd = at === -1 && value !== undefined;
  return (
    <NativeSelect
      data-place={place}
      label={label}
      value={isOdd ? 'odd' : String(at)}
      onChange={({ currentTarget }) => onChange(choices[Number(currentTarget.value)]?.value)}
      data={[
        ...(!param.required || value === undefined
          ? [{ value: '-1', label: param.required ? t('chooseValue') : defaultText }]
          : []),
        ...choices.map(({ label: name }, index) => ({ value: String(index), label: name })),
        ...(isOdd ? [{ value: 'odd', label: JSON.stringify(value) }] : []),
      ]}
      {...shown}
    />
  );
}

const other = 'other';

/** A manager, a status, a template …: one of those that there are, or another by its code. */
function DirectoryChoice({ param, label, shown, value, place, onChange }: Part) {
  const { t } = useTranslation('editor');
  const { defaultText, leftOutText } = useParamTexts(param);
  const [isTyped, setTyped] = useState(false);
  const choices = param.choices ?? [];
  const at = choices.findIndex((choice) => choice.value === value);
  const isOther = isTyped || (at === -1 && value !== undefined) || choices.length === 0;
  const field =
    param.type === 'integer' ? (
      <NumberParam {...{ param, label, shown, value, place, onChange }} />
    ) : (
      <TextParam {...{ param, label, shown, value, place, onChange }} />
    );
  if (choices.length === 0) return field;
  return (
    <>
      <NativeSelect
        data-place={isOther ? undefined : place}
        label={label}
        value={isOther ? other : String(at)}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value === other);
          if (currentTarget.value !== other) onChange(choices[Number(currentTarget.value)]?.value);
        }}
        data={[
          ...(!param.required || value === undefined
            ? [{ value: '-1', label: param.required ? t('chooseValue') : (leftOutText ?? defaultText) }]
            : []),
          ...choices.map(({ value: code, label: name }, index) => ({
            value: String(index),
            label: name === String(code) ? name : `${name} (${code})`,
          })),
          { value: other, label: t('chooseOther') },
        ]}
        {...(isOther ? {} : shown)}
      />
      {isOther && field}
    </>
  );
}

function TextParam({ param, label, shown, value, place, onChange }: Part) {
  const { language } = useTools();
  const isLong = (param.max ?? 0) >= longText || param.holds === 'content';
  // Number 7 and text "7" are the same id, and a number stays one while it is left as it is.
  const text = typeof value === 'string' ? value : writeScalar(value, 'text', language);
  return (
    <ReferenceField
      label={label}
      value={text}
      place={place}
      isLong={isLong && param.holds !== 'url'}
      shown={shown}
      onChange={(next) => onChange(next === '' && !param.required ? undefined : next)}
    />
  );
}

function NumberParam({ param, label, value, place, onChange }: Part) {
  const { hint, defaultText } = useParamTexts(param);
  const placeholder = param.default === undefined ? {} : { placeholder: defaultText };
  return <NumberField {...{ label, hint, value, place, onChange }} {...placeholder} />;
}
