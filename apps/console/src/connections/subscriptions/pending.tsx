import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column } from '../../shared/data-table.tsx';
import { FailureNote } from '../../shared/failure-note.tsx';
import { Untrusted } from '../../shared/untrusted.tsx';
import { When } from '../../shared/when.tsx';
import { pendingQuery, type PendingDelivery } from '../connections.queries.ts';
import type { Outcome } from '../outcome.tsx';
import { ResendEvent } from './resend-event.tsx';

/** The runs whose events wait for their next attempt, those tried next first. */
export function Pending({ id, outcome }: { id: string; outcome: Outcome }) {
  const { t } = useTranslation('connections');
  const { data, error } = useQuery(pendingQuery(id));
  const columns: Column<PendingDelivery>[] = [
    {
      key: 'run',
      header: t('subscription.run'),
      maxWidth: '14rem',
      render: ({ run_id: runId }) => (
        <Link to="/runs/$runId" params={{ runId }}>
          <Untrusted text={runId} isClipped />
        </Link>
      ),
    },
    {
      key: 'next',
      header: t('subscription.next'),
      render: ({ next_at: next }) => (next === null ? t('subscription.whenActive') : <When at={next} />),
    },
    { key: 'events', header: t('subscription.events'), render: ({ events }) => events.length },
    {
      key: 'since',
      header: t('subscription.since_at'),
      render: ({ events }) => <When at={events[0]?.since ?? null} />,
    },
    {
      key: 'actions',
      header: t('actions'),
      render: ({ events: [first] }) =>
        first !== undefined && <ResendEvent id={id} eventId={first.event_id} outcome={outcome} />,
    },
  ];
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {t('subscription.pending')}
      </Title>
      {error !== null && <FailureNote error={error} />}
      {data?.pending.length === 0 && <Text>{t('subscription.nonePending')}</Text>}
      {data !== undefined && data.pending.length > 0 && (
        <DataTable
          label={t('subscription.pending')}
          columns={columns}
          rows={data.pending}
          rowKey={({ run_id: runId }) => runId}
        />
      )}
      {data?.next_cursor != null && <Text>{t('subscription.morePending')}</Text>}
    </Stack>
  );
}
