import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, dataOf } from '../../shared/client.ts';
import { keysOf, type Subscription } from '../connections.queries.ts';
import type { Outcome } from '../outcome.tsx';
import { WriteDialog } from '../write-dialog.tsx';
import { SubscriptionFields, toSubscriptionBody } from './subscription-fields.tsx';

interface Props {
  subscription: Subscription;
  outcome: Outcome;
  onClose: () => void;
}

export function ChangeSubscription({ subscription, outcome, onClose }: Props) {
  const { t } = useTranslation('connections');
  const { subscription_id: id, name, url, types, rule_id: rule, format } = subscription;
  const [values, setValues] = useState({ name, url, types: [...(types ?? [])] as string[], rule: rule ?? '', format });
  return (
    <WriteDialog
      title={t('change')}
      text={t('subscription.changeText')}
      confirm={t('save')}
      given={toSubscriptionBody(values)}
      send={(body) => dataOf(api.PATCH('/api/workflow/subscriptions/{id}', { params: { path: { id } }, body }))}
      changes={keysOf.subscriptions}
      onTaken={() => outcome.say(t('saved'))}
      onClose={onClose}
    >
      <SubscriptionFields values={values} onChange={setValues} />
    </WriteDialog>
  );
}
