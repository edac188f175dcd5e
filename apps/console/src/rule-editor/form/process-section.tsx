import { Button, Checkbox, Fieldset, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTools } from '../editor-tools.ts';
import { isObject } from '../model/condition-tree.ts';
import { setMember, withMember } from '../model/rule-edits.ts';
import { useProblemsAt } from '../use-problems.ts';
import { notes } from './field-notes.tsx';
import { NumberField } from './number-field.tsx';
import { ItemRow } from './process-item.tsx';
import { ProblemNote } from './problem-note.tsx';

/** What makes a rule a process: the name by which incoming webhooks start it, and the data that they bring. */
export function ProcessSection({ process }: { process: unknown }) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  const declared = isObject(process) ? process : {};
  const items: unknown[] = Array.isArray(declared['data']) ? declared['data'] : [];
  const set = (name: string, value: unknown): void =>
    tools.change(
      (rule) =>
        setMember(rule, 'process', withMember(isObject(rule.head['process']) ? rule.head['process'] : {}, name, value)),
      {
        about: `process.${name}`,
      },
    );
  const setItems = (next: unknown[]): void => set('data', next);
  const members = ['name', 'version', 'state', 'public', 'folder', 'customer', 'login'];
  const places = [...members.map((one) => `process.${one}`), ...items.map((_, at) => `process.data[${at}]`)];
  return (
    <Stack gap="md" data-place="process">
      <Text size="sm">{t('processHelp')}</Text>
      <ProblemNote place="process" except={places} />
      <TextPart name="name" label={t('processName')} value={declared['name']} onChange={(text) => set('name', text)} />
      <NumberField
        label={t('processVersion')}
        value={declared['version']}
        place="process.version"
        onChange={(value) => set('version', value)}
      />
      <NativeSelect
        data-place="process.state"
        label={t('processState')}
        value={declared['state'] === 'test' ? 'test' : 'active'}
        onChange={({ currentTarget }) => set('state', currentTarget.value)}
        data={(['active', 'test'] as const).map((one) => ({ value: one, label: t(`processStates.${one}`) }))}
        {...notes(useProblemsAt('process.state'))}
      />
      <Checkbox
        data-place="process.public"
        label={t('processPublic')}
        checked={declared['public'] === true}
        onChange={({ currentTarget }) => set('public', currentTarget.checked)}
      />
      <TextPart
        name="folder"
        label={`${t('processFolder')} ${t('optional')}`}
        value={declared['folder']}
        onChange={(text) => set('folder', text === '' ? undefined : text)}
      />
      <Fieldset legend={t('processData')} variant="unstyled">
        <Stack gap="xs" align="flex-start">
          {items.map((item, index) => (
            <ItemRow
              // Items have no id, and stay in their order.
              key={index}
              item={item}
              index={index}
              onChange={(next) => setItems(items.map((one, at) => (at === index ? next : one)))}
              onRemove={() => setItems(items.filter((_, at) => at !== index))}
            />
          ))}
          <Button size="compact-xs" variant="default" onClick={() => setItems([...items, { name: '', type: 'TEXT' }])}>
            {t('addItem')}
          </Button>
        </Stack>
      </Fieldset>
      <ItemChoice
        name="customer"
        type="TEXT"
        label={t('processCustomer')}
        items={items}
        value={declared['customer']}
        onChange={(value) => set('customer', value)}
      />
      <ItemChoice
        name="login"
        type="NUMERIC"
        label={t('processLogin')}
        items={items}
        value={declared['login']}
        onChange={(value) => set('login', value)}
      />
    </Stack>
  );
}

function TextPart({
  name,
  label,
  value,
  onChange,
}: {
  name: string;
  label: string;
  value: unknown;
  onChange: (text: string) => void;
}) {
  const place = `process.${name}`;
  return (
    <TextInput
      data-place={place}
      label={label}
      value={typeof value === 'string' ? value : ''}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      autoComplete="off"
      {...notes(useProblemsAt(place))}
    />
  );
}

interface ChoiceProps {
  name: string;
  type: string;
  label: string;
  items: readonly unknown[];
  value: unknown;
  onChange: (value: unknown) => void;
}

function ItemChoice({ name, type, label, items, value, onChange }: ChoiceProps) {
  const { t } = useTranslation('editor');
  const place = `process.${name}`;
  const names = items
    .filter(isObject)
    .flatMap((one) => (one['type'] === type && typeof one['name'] === 'string' ? [one['name']] : []));
  const given = typeof value === 'string' ? value : '';
  return (
    <NativeSelect
      data-place={place}
      label={label}
      value={given}
      onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? undefined : currentTarget.value)}
      data={[
        { value: '', label: t('noItem') },
        ...[...new Set([...names, ...(given === '' ? [] : [given])])].map((one) => ({ value: one, label: one })),
      ]}
      {...notes(useProblemsAt(place))}
    />
  );
}
