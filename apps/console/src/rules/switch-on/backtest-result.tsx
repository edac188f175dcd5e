import { List, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Backtest } from '../../shared/client.ts';
import { DataTable, type Column } from '../../shared/data-table.tsx';
import { Untrusted } from '../../shared/untrusted.tsx';
import { When } from '../../shared/when.tsx';
import { RuleActions } from '../rule-actions.tsx';
import { MatchesChart } from './matches-chart.tsx';

type Result = NonNullable<Backtest['result']>;
type Sample = Result['samples'][number];

/** @param against the version that the difference is to; null: it is not known */
export function BacktestResult({ result, against }: { result: Result; against: number | null }) {
  const { t } = useTranslation('rules');
  const { matches, events_considered, events_read, undecodable, from, to, samples, difference, notes } = result;
  return (
    <Stack gap="xs">
      <Text fw={700}>{t('backtest.found', { matches, considered: events_considered })}</Text>
      <Text size="sm">
        {t('backtest.readAll', { count: events_read })}{' '}
        {from !== null && (
          <>
            <When at={from} /> – <When at={to} />
          </>
        )}{' '}
        {undecodable > 0 && t('backtest.undecodable', { count: undecodable })}
      </Text>
      {from !== null && to !== null && <MatchesChart perDay={result.matches_per_day} from={from} to={to} />}
      {difference !== null && against !== null && <Difference difference={difference} against={against} />}
      {samples.length > 0 && <Samples samples={samples} />}
      {notes.map(({ code }) => (
        <Text size="sm" c="dimmed" key={code}>
          {t(`backtest.notes.${code}`)}
        </Text>
      ))}
    </Stack>
  );
}

function Difference({ difference, against }: { difference: NonNullable<Result['difference']>; against: number }) {
  const { t } = useTranslation('rules');
  const { both, only_candidate, only_stored, samples } = difference;
  return (
    <>
      <Title order={4} size="h6">
        {t('difference.title', { version: against })}
      </Title>
      <List>
        <List.Item>{t('difference.both', { count: both })}</List.Item>
        <List.Item>
          {t('difference.candidate', { count: only_candidate })} <Events ids={samples.only_candidate} />
        </List.Item>
        <List.Item>
          {t('difference.stored', { count: only_stored, version: against })} <Events ids={samples.only_stored} />
        </List.Item>
      </List>
    </>
  );
}

function Events({ ids }: { ids: readonly string[] }) {
  return ids.map((id) => (
    <span key={id}>
      <EventLink id={id} />{' '}
    </span>
  ));
}

function EventLink({ id }: { id: string }) {
  return (
    <Link to="/events/$eventId" params={{ eventId: id }}>
      <Untrusted text={id} isClipped />
    </Link>
  );
}

function Samples({ samples }: { samples: Sample[] }) {
  const { t } = useTranslation('rules');
  const columns: Column<Sample>[] = [
    {
      key: 'event',
      header: t('samples.event'),
      render: ({ event_id }) => <EventLink id={event_id} />,
      maxWidth: '14rem',
    },
    { key: 'at', header: t('samples.at'), render: ({ at }) => <When at={at} /> },
    {
      key: 'whom',
      header: t('samples.whom'),
      render: ({ customer_id, login, brand }) => (
        <Untrusted text={[customer_id, login, brand].filter((one) => one !== null).join(' · ')} isClipped />
      ),
      maxWidth: '14rem',
    },
    {
      key: 'actions',
      header: t('samples.actions'),
      render: ({ actions, event_id }) =>
        actions === null ? (
          '…'
        ) : (
          <details>
            <summary>{t('samples.show')}</summary>
            <RuleActions actions={actions} label={t('samples.of', { event: event_id.slice(0, 100) })} />
          </details>
        ),
    },
  ];
  return (
    <>
      <Title order={4} size="h6">
        {t('samples.title')}
      </Title>
      <DataTable
        label={t('samples.title')}
        columns={columns}
        rows={samples}
        rowKey={(one) => `${one.event_id} ${one.at}`}
      />
    </>
  );
}
