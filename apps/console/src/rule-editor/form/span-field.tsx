import { Fieldset, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTools } from '../editor-tools.ts';
import { isObject } from '../model/condition-tree.ts';
import { readScalar, writeScalar } from '../model/field-values.ts';
import { withMember } from '../model/rule-edits.ts';
import { useProblemsAt } from '../use-problems.ts';
import { notes } from './field-notes.tsx';
import { useTyped } from './use-typed.ts';

interface Props {
  legend: string;
  hint?: string;
  /** undefined: none is said. */
  value: unknown;
  place: string;
  onChange: (span: unknown) => void;
}

const units = ['minutes', 'hours', 'days'] as const;

/** A length of time. Without a number there is none. */
export function SpanField({ legend, hint = '', value, place, onChange }: Props) {
  const { t } = useTranslation('editor');
  const { language } = useTools();
  const span = isObject(value) ? value : {};
  const unit = typeof span['unit'] === 'string' ? span['unit'] : 'days';
  const [text, type] = useTyped<unknown>(
    span['value'],
    (one) => writeScalar(one, 'number', language),
    (typed) => (typed.trim() === '' ? undefined : readScalar(typed, 'number', language)),
    (count) => onChange(count === undefined ? undefined : { ...span, value: count, unit }),
  );
  const isKnown = units.some((one) => one === unit);
  return (
    <Fieldset legend={legend} data-place={place} variant="unstyled">
      <Group gap="xs" align="flex-start">
        <TextInput
          data-place={`${place}.value`}
          label={t('spanCount')}
          value={text}
          onChange={({ currentTarget }) => type(currentTarget.value)}
          inputMode="numeric"
          autoComplete="off"
          w="8rem"
          {...notes(useProblemsAt(place))}
        />
        <NativeSelect
          label={t('spanUnit')}
          value={unit}
          onChange={({ currentTarget }) => {
            if (span['value'] !== undefined) onChange(withMember(span, 'unit', currentTarget.value));
            else onChange({ value: 1, unit: currentTarget.value });
          }}
          data={[
            ...units.map((one) => ({ value: one, label: t(`units.${one}`) })),
            ...(isKnown ? [] : [{ value: unit, label: unit }]),
          ]}
        />
      </Group>
      {hint !== '' && (
        <Text size="xs" c="dimmed" mt={4}>
          {hint}
        </Text>
      )}
    </Fieldset>
  );
}
