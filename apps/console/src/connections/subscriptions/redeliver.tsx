import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, dataOf } from '../../shared/client.ts';
import { timeZone } from '../../shared/when.tsx';
import { fromLocalTime } from '../connections-search.ts';
import { keysOf } from '../connections.queries.ts';
import type { Outcome } from '../outcome.tsx';
import { WriteDialog } from '../write-dialog.tsx';

/** Sends the events of a time again. */
export function Redeliver({ id, outcome, onClose }: { id: string; outcome: Outcome; onClose: () => void }) {
  const { t } = useTranslation('connections');
  const [since, setSince] = useState('');
  const [until, setUntil] = useState('');
  const [onlyFailed, setOnlyFailed] = useState(true);
  const end = fromLocalTime(until);
  const given = {
    since: fromLocalTime(since) ?? '',
    ...(end !== null && { until: end }),
    only_failed: onlyFailed,
  };
  return (
    <WriteDialog
      title={t('subscription.redeliver')}
      text={t('subscription.redeliverText')}
      given={given}
      send={(body) =>
        dataOf(api.POST('/api/workflow/subscriptions/{id}/redeliver', { params: { path: { id } }, body }))
      }
      changes={keysOf.subscriptions}
      onTaken={({ range_size: count }) => outcome.say(t('subscription.redelivering', { count }))}
      onClose={onClose}
    >
      <TextInput
        type="datetime-local"
        required
        data-autofocus
        label={t('subscription.since', { zone: timeZone() })}
        value={since}
        onChange={({ currentTarget }) => setSince(currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label={t('subscription.until', { zone: timeZone() })}
        description={t('subscription.untilText')}
        value={until}
        onChange={({ currentTarget }) => setUntil(currentTarget.value)}
      />
      <Checkbox
        label={t('subscription.onlyFailed')}
        checked={onlyFailed}
        onChange={({ currentTarget }) => setOnlyFailed(currentTarget.checked)}
      />
    </WriteDialog>
  );
}
