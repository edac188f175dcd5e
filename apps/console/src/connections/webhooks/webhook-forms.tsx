import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, dataOf } from '../../shared/client.ts';
import { writePairs } from '../connections-search.ts';
import { keysOf, type WorkflowWebhook } from '../connections.queries.ts';
import type { Outcome } from '../outcome.tsx';
import { WriteDialog } from '../write-dialog.tsx';
import { toWebhookBody, WebhookFields, type WebhookValues } from './webhook-fields.tsx';

const newWebhook: WebhookValues = { name: '', description: '', brand: '', exchange: 'required', rate: '', types: '' };

export function CreateWebhook({ outcome, onClose }: { outcome: Outcome; onClose: () => void }) {
  const { t } = useTranslation('connections');
  const [id, setId] = useState('');
  const [values, setValues] = useState(newWebhook);
  // Left out: a session for one brand gets that one, and the API knows the usual types.
  const { brand, event_types: types, ...rest } = toWebhookBody(values);
  const given = {
    id: id.trim(),
    ...rest,
    ...(brand !== null && { brand }),
    ...(Object.keys(types).length > 0 && { event_types: types }),
  };
  return (
    <WriteDialog
      title={t('webhook.create')}
      text={t('webhook.createText')}
      confirm={t('create')}
      given={given}
      send={async (body) => {
        const { key } = await dataOf(api.POST('/api/workflow/webhooks', { body }));
        outcome.reveal({ title: t('webhook.one'), parts: [{ name: 'key', value: key }] });
      }}
      changes={keysOf.webhooks}
      onClose={onClose}
    >
      <TextInput
        label={t('webhook.id')}
        description={t('webhook.idText')}
        required
        data-autofocus
        value={id}
        onChange={({ currentTarget }) => setId(currentTarget.value)}
      />
      <WebhookFields values={values} onChange={setValues} />
    </WriteDialog>
  );
}

interface ChangeProps {
  webhook: WorkflowWebhook;
  outcome: Outcome;
  onClose: () => void;
}

export function ChangeWebhook({ webhook, outcome, onClose }: ChangeProps) {
  const { t } = useTranslation('connections');
  const { id, name, description, brand, token_exchange: exchange, rate_limit: rate, event_types: types } = webhook;
  // The version that was on the page when the form was opened: a change of another person meanwhile is refused.
  const [version] = useState(webhook.version);
  const [values, setValues] = useState<WebhookValues>({
    name,
    description,
    brand: brand ?? '',
    exchange,
    rate: rate === null ? '' : String(rate),
    types: writePairs(types),
  });
  return (
    <WriteDialog
      title={t('change')}
      text={t('webhook.changeText')}
      confirm={t('save')}
      given={{ ...toWebhookBody(values), version }}
      send={(body) => dataOf(api.PATCH('/api/workflow/webhooks/{id}', { params: { path: { id } }, body }))}
      changes={keysOf.webhooks}
      onTaken={() => outcome.say(t('saved'))}
      onClose={onClose}
    >
      <WebhookFields values={values} onChange={setValues} />
    </WriteDialog>
  );
}
