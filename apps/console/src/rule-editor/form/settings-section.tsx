import { Checkbox, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../session/session.ts';
import { useTools } from '../editor-tools.ts';
import { isObject, type JsonObject } from '../model/condition-tree.ts';
import { ruleMembers } from '../model/rule-model.ts';
import { setMember } from '../model/rule-edits.ts';
import { useProblemsAt } from '../use-problems.ts';
import { notes } from './field-notes.tsx';
import { JsonField } from './json-field.tsx';
import { NumberField } from './number-field.tsx';
import { LimitField, ReEnrollField } from './admission-fields.tsx';
import { TextMember } from './text-member.tsx';

/** What few rules need: an id of their own, brand, status, order, and how often the rule runs. */
export function SettingsSection({ head, isNew }: { head: JsonObject; isNew: boolean }) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  const isProcess = isObject(head['process']) || head['trigger_event'] === 'request.created';
  const stopAfter = useProblemsAt('stop_after');
  const others = Object.keys(head).filter((name) => !ruleMembers.includes(name));
  return (
    <Stack gap="md">
      {isNew && <IdField id={head['id']} />}
      <BrandField brand={head['brand']} />
      <StatusField status={head['status']} />
      <TextMember
        name="description"
        label={t('description')}
        value={head['description']}
        hint={t('descriptionHelp')}
        rows={3}
      />
      <NumberField
        label={t('priority')}
        hint={t('priorityHelp')}
        value={head['priority']}
        place="priority"
        onChange={(value) => tools.change((rule) => setMember(rule, 'priority', value), { about: 'priority' })}
      />
      {(!isProcess || head['stop_after'] === true) && (
        <Checkbox
          data-place="stop_after"
          label={t('stopAfter')}
          checked={head['stop_after'] === true}
          onChange={({ currentTarget: { checked } }) => tools.change((rule) => setMember(rule, 'stop_after', checked))}
          {...notes(stopAfter)}
        />
      )}
      {(!isProcess || head['re_enroll'] !== undefined) && <ReEnrollField value={head['re_enroll']} />}
      {(!isProcess || (head['limit'] ?? null) !== null) && <LimitField value={head['limit']} />}
      {others.map((name) => (
        <div key={name} data-place={name}>
          <JsonField
            label={name}
            value={head[name]}
            place={name}
            onChange={(value) => tools.change((rule) => setMember(rule, name, value), { about: name })}
          />
        </div>
      ))}
    </Stack>
  );
}

/** Once the rule is saved, its id stays. */
function IdField({ id }: { id: unknown }) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  return (
    <TextInput
      data-place="id"
      label={t('id')}
      value={typeof id === 'string' ? id : ''}
      onChange={({ currentTarget: { value } }) =>
        tools.change((rule) => setMember(rule, 'id', value === '' ? undefined : value), { about: 'id' })
      }
      autoComplete="off"
      spellCheck={false}
      {...notes(useProblemsAt('id'), t('idHelp'))}
    />
  );
}

function BrandField({ brand }: { brand: unknown }) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  const { session } = useSession();
  const own = tools.registry.brands;
  const given = typeof brand === 'string' ? brand : '';
  const mayBeAll = (session?.brands ?? null) === null || given === '';
  return (
    <NativeSelect
      data-place="brand"
      label={t('brand')}
      value={given}
      onChange={({ currentTarget: { value } }) =>
        tools.change((rule) => setMember(rule, 'brand', value === '' ? null : value))
      }
      data={[
        ...(mayBeAll ? [{ value: '', label: t('allBrands') }] : []),
        ...[...new Set([...own, ...(given === '' ? [] : [given])])].map((one) => ({ value: one, label: one })),
      ]}
      {...notes(useProblemsAt('brand'))}
    />
  );
}

const statuses = ['draft', 'active', 'shadow', 'inactive'] as const;

function StatusField({ status }: { status: unknown }) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  // A rule that does not say is active.
  const given = status === undefined ? 'active' : String(status);
  const isKnown = statuses.some((one) => one === given);
  return (
    <NativeSelect
      data-place="status"
      label={t('status')}
      value={given}
      onChange={({ currentTarget: { value } }) => tools.change((rule) => setMember(rule, 'status', value))}
      data={[
        ...statuses.map((one) => ({ value: one, label: t(`statuses.${one}`) })),
        ...(isKnown ? [] : [{ value: given, label: given }]),
      ]}
      {...notes(useProblemsAt('status'))}
    />
  );
}
