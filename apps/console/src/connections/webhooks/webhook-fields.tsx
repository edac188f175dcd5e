import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { readPairs } from '../connections-search.ts';
import type { WorkflowWebhook } from '../connections.queries.ts';

const exchanges = ['required', 'disabled'] as const;

export interface WebhookValues {
  name: string;
  description: string;
  brand: string;
  exchange: WorkflowWebhook['token_exchange'];
  rate: string;
  types: string;
}

export function toWebhookBody({ name, description, brand, exchange, rate, types }: WebhookValues) {
  return {
    name: name.trim(),
    description: description.trim(),
    brand: brand.trim() === '' ? null : brand.trim(),
    token_exchange: exchange,
    rate_limit: rate.trim() === '' ? null : Number(rate),
    event_types: readPairs(types),
  };
}

interface Props {
  values: WebhookValues;
  onChange: (values: WebhookValues) => void;
}

export function WebhookFields({ values, onChange }: Props) {
  const { t } = useTranslation('connections');
  const set = (change: Partial<WebhookValues>): void => onChange({ ...values, ...change });
  return (
    <>
      <TextInput
        label={t('name')}
        required
        value={values.name}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
      />
      <Textarea
        label={t('description')}
        rows={2}
        value={values.description}
        onChange={({ currentTarget }) => set({ description: currentTarget.value })}
      />
      <TextInput
        label={t('brand')}
        description={t('brandText')}
        value={values.brand}
        onChange={({ currentTarget }) => set({ brand: currentTarget.value })}
      />
      <NativeSelect
        label={t('webhook.exchange')}
        value={values.exchange}
        data={exchanges.map((value) => ({ value, label: t(`webhook.exchanges.${value}`) }))}
        onChange={({ currentTarget }) => {
          const exchange = exchanges.find((one) => one === currentTarget.value);
          if (exchange !== undefined) set({ exchange });
        }}
      />
      <TextInput
        type="number"
        min={1}
        label={t('webhook.rate')}
        description={t('webhook.rateText')}
        value={values.rate}
        onChange={({ currentTarget }) => set({ rate: currentTarget.value })}
      />
      <Textarea
        label={t('webhook.types')}
        description={t('webhook.typesText')}
        rows={4}
        value={values.types}
        onChange={({ currentTarget }) => set({ types: currentTarget.value })}
      />
    </>
  );
}
