import { Button, Checkbox, Group, NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isObject, type JsonObject } from '../model/condition-tree.ts';
import { withMember } from '../model/rule-edits.ts';
import { useProblemsAt } from '../use-problems.ts';
import { notes } from './field-notes.tsx';

const types = ['TEXT', 'NUMERIC', 'DATETIME', 'FILE'];

/** One item of the data that a request brings. */
export function ItemRow({
  item,
  index,
  onChange,
  onRemove,
}: {
  item: unknown;
  index: number;
  onChange: (item: JsonObject) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation('editor');
  const place = `process.data[${index}]`;
  const given = isObject(item) ? item : {};
  const type = typeof given['type'] === 'string' ? given['type'] : 'TEXT';
  return (
    <Group gap="xs" align="flex-start" role="group" aria-label={t('item', { number: index + 1 })} data-place={place}>
      <TextInput
        data-place={`${place}.name`}
        label={t('itemName')}
        value={typeof given['name'] === 'string' ? given['name'] : ''}
        onChange={({ currentTarget }) => onChange({ ...given, name: currentTarget.value })}
        spellCheck={false}
        autoComplete="off"
        {...notes(useProblemsAt(`${place}.name`))}
      />
      <NativeSelect
        label={t('itemType')}
        value={type}
        onChange={({ currentTarget }) => onChange({ ...given, type: currentTarget.value })}
        data={[...new Set([...types, type])]}
        {...notes(useProblemsAt(`${place}.type`))}
      />
      <Checkbox
        label={t('itemRequired')}
        checked={given['required'] === true}
        onChange={({ currentTarget }) =>
          onChange(withMember(given, 'required', currentTarget.checked ? true : undefined))
        }
      />
      <Button
        size="compact-xs"
        variant="default"
        aria-label={t('removeItem', { number: index + 1 })}
        onClick={onRemove}
      >
        {t('remove')}
      </Button>
    </Group>
  );
}
