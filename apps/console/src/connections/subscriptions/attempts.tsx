import { NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { CursorPages } from '../../shared/cursor-pages.tsx';
import { DataTable, type Column } from '../../shared/data-table.tsx';
import { FailureNote } from '../../shared/failure-note.tsx';
import { Loading } from '../../shared/loading.tsx';
import { Untrusted } from '../../shared/untrusted.tsx';
import { When } from '../../shared/when.tsx';
import { readAttemptsSearch, type AttemptsSearch } from '../connections-search.ts';
import { attemptsQuery, type DeliveryAttempt } from '../connections.queries.ts';
import type { Outcome } from '../outcome.tsx';
import { StatusBadge } from '../status-badge.tsx';
import { ResendEvent } from './resend-event.tsx';

interface Props {
  id: string;
  search: AttemptsSearch;
  outcome: Outcome;
}

/** The requests to a subscription, newest first. */
export function Attempts({ id, search, outcome }: Props) {
  const { t } = useTranslation('connections');
  const navigate = useNavigate();
  const { data, error } = useQuery(attemptsQuery(id, search));
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {t('subscription.attempts')}
      </Title>
      <NativeSelect
        w="fit-content"
        label={t('subscription.outcome')}
        value={search.outcome ?? ''}
        data={[
          { value: '', label: t('subscription.anyOutcome') },
          { value: 'delivered', label: t('subscription.outcomes.delivered') },
          { value: 'failed', label: t('subscription.outcomes.failed') },
        ]}
        onChange={({ currentTarget }) =>
          void navigate({
            to: '/connections/subscriptions/$subscriptionId',
            params: { subscriptionId: id },
            search: readAttemptsSearch({ outcome: currentTarget.value }),
          })
        }
      />
      {error !== null && <FailureNote error={error} />}
      {data === undefined && error === null && <Loading />}
      {data?.attempts.length === 0 && <Text>{t('subscription.noAttempts')}</Text>}
      {data !== undefined && data.attempts.length > 0 && (
        <AttemptTable id={id} attempts={data.attempts} outcome={outcome} />
      )}
      <CursorPages label={t('pages')} search={search} next={data?.next_cursor ?? null} />
    </Stack>
  );
}

function AttemptTable({ id, attempts, outcome }: { id: string; attempts: DeliveryAttempt[]; outcome: Outcome }) {
  const { t } = useTranslation('connections');
  const columns: Column<DeliveryAttempt>[] = [
    { key: 'at', header: t('subscription.at'), render: ({ at }) => <When at={at} /> },
    {
      key: 'outcome',
      header: t('subscription.outcome'),
      render: (one) => <StatusBadge text={t(`subscription.outcomes.${one.outcome}`)} />,
    },
    { key: 'number', header: t('subscription.number'), render: ({ number }) => number },
    {
      key: 'answer',
      header: t('subscription.answer'),
      maxWidth: '18rem',
      render: ({ status, error, excerpt }) => (
        <>
          {status ?? t('subscription.noAnswer')} <Untrusted text={error ?? excerpt} isClipped />
        </>
      ),
    },
    { key: 'type', header: t('subscription.event'), render: ({ type }) => type },
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
    { key: 'next', header: t('subscription.next'), render: ({ next_at: next }) => <When at={next} /> },
    {
      key: 'actions',
      header: t('actions'),
      render: ({ event_id: eventId }) => <ResendEvent id={id} eventId={eventId} outcome={outcome} />,
    },
  ];
  return (
    <DataTable
      label={t('subscription.attempts')}
      columns={columns}
      rows={attempts}
      rowKey={({ attempt_id: attemptId }) => attemptId}
      minWidth="70rem"
    />
  );
}
