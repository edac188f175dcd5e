import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, dataOf } from '../../shared/client.ts';
import { readList } from '../connections-search.ts';
import { keysOf } from '../connections.queries.ts';
import type { Outcome } from '../outcome.tsx';
import { WriteDialog } from '../write-dialog.tsx';
import { newSubscription, SubscriptionFields, toSubscriptionBody } from './subscription-fields.tsx';

export function CreateSubscription({ outcome, onClose }: { outcome: Outcome; onClose: () => void }) {
  const { t } = useTranslation('connections');
  const [values, setValues] = useState(newSubscription);
  const [brands, setBrands] = useState('');
  const given = { ...toSubscriptionBody(values), brands: readList(brands) };
  return (
    <WriteDialog
      title={t('subscription.create')}
      text={t('subscription.createText')}
      confirm={t('create')}
      given={given}
      send={async (body, key) => {
        const params = { header: { 'Idempotency-Key': key } };
        const { secret } = await dataOf(api.POST('/api/workflow/subscriptions', { params, body }));
        outcome.reveal({ title: t('subscription.one'), parts: [{ name: 'secret', value: secret }] });
      }}
      changes={keysOf.subscriptions}
      onClose={onClose}
    >
      <SubscriptionFields values={values} onChange={setValues} />
      <TextInput
        label={t('brands')}
        description={t('brandsText')}
        value={brands}
        onChange={({ currentTarget }) => setBrands(currentTarget.value)}
      />
    </WriteDialog>
  );
}
