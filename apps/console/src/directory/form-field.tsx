import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Field } from './kinds.ts';

interface Props {
  field: Field;
  value: string;
  /** The server's, or null. */
  error: string | null;
  isNew: boolean;
  onChange: (value: string) => void;
}

/** A field of a record; what tells the record from others is fixed once it is there. */
export function FormField({ field, value, error, isNew, onChange }: Props) {
  const { t } = useTranslation('directory');
  const { name, type, isKey = false, isRequired = false, choices } = field;
  const isFixed = isKey && !isNew;
  const common = {
    name,
    label: t(`fields.${name}`),
    value,
    error,
    required: isRequired,
    ...(isFixed && { readOnly: true, description: t('keyHint') }),
  };
  if (type === 'yes' || (type === 'choice' && !isFixed)) {
    const options = type === 'yes' ? ['yes', 'no'] : (choices ?? []);
    return (
      <NativeSelect {...common} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {!isRequired && <option value="">{t('unsaid')}</option>}
        {options.map((one) => (
          <option key={one} value={one}>
            {choiceName(one, t)}
          </option>
        ))}
      </NativeSelect>
    );
  }
  if (type === 'long' || type === 'lines' || type === 'numbers') {
    const hint = choices === undefined ? t('listHint') : t('choicesHint', { choices: choices.join(', ') });
    return (
      <Textarea
        {...common}
        {...(type !== 'long' && { description: hint })}
        autosize
        minRows={type === 'long' ? 5 : 2}
        maxRows={20}
        styles={type === 'long' ? { input: { fontFamily: 'monospace' } } : {}}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  }
  const isNumber = type === 'number';
  return (
    <TextInput
      {...common}
      {...(isNumber && { inputMode: 'numeric' as const })}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

type Translate = ReturnType<typeof useTranslation<'directory'>>['t'];

function choiceName(choice: string, t: Translate): string {
  if (choice === 'yes' || choice === 'no') return t(choice);
  const named = ['email', 'sms', 'administrator', 'folder_manager', 'supervisor', 'system_operations'] as const;
  const known = named.find((one) => one === choice);
  return known === undefined ? choice : t(`choices.${known}`);
}
