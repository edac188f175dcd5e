import { Checkbox, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Subscription } from '../connections.queries.ts';

export const eventTypes = [
  'WorkflowStarted',
  'WorkflowCompleted',
  'WorkflowFailed',
  'WorkflowPaused',
  'WorkflowResumed',
] as const;
const formats = ['cloudevents', 'cloudevents-binary', 'plain'] as const;

export interface SubscriptionValues {
  name: string;
  url: string;
  types: string[];
  rule: string;
  format: Subscription['format'];
}

export const newSubscription: SubscriptionValues = { name: '', url: '', types: [], rule: '', format: 'cloudevents' };

export function toSubscriptionBody({ name, url, types, rule, format }: SubscriptionValues) {
  const chosen = eventTypes.filter((one) => types.includes(one));
  const rule_id = rule.trim() === '' ? null : rule.trim();
  return { name: name.trim(), url: url.trim(), types: chosen.length === 0 ? null : chosen, rule_id, format };
}

interface Props {
  values: SubscriptionValues;
  onChange: (values: SubscriptionValues) => void;
}

export function SubscriptionFields({ values, onChange }: Props) {
  const { t } = useTranslation('connections');
  const set = (change: Partial<SubscriptionValues>): void => onChange({ ...values, ...change });
  return (
    <>
      <TextInput
        label={t('name')}
        required
        data-autofocus
        maxLength={200}
        value={values.name}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
      />
      <TextInput
        label={t('subscription.url')}
        required
        type="url"
        value={values.url}
        onChange={({ currentTarget }) => set({ url: currentTarget.value })}
      />
      <Checkbox.Group
        label={t('subscription.types')}
        description={t('subscription.typesText')}
        value={values.types}
        onChange={(types) => set({ types })}
      >
        <Stack gap={4} mt={4}>
          {eventTypes.map((one) => (
            <Checkbox key={one} value={one} label={one} />
          ))}
        </Stack>
      </Checkbox.Group>
      <TextInput
        label={t('subscription.rule')}
        description={t('subscription.ruleText')}
        value={values.rule}
        onChange={({ currentTarget }) => set({ rule: currentTarget.value })}
      />
      <NativeSelect
        label={t('subscription.format')}
        value={values.format}
        data={formats.map((value) => ({ value, label: t(`subscription.formats.${value}`) }))}
        onChange={({ currentTarget }) => {
          const format = formats.find((one) => one === currentTarget.value);
          if (format !== undefined) set({ format });
        }}
      />
    </>
  );
}
