import { NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { BulkOperation, BulkOutcome } from '../shared/client.ts';
import { CursorPages } from '../shared/cursor-pages.tsx';
import { DataTable, type Column } from '../shared/data-table.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { sayError } from '../shared/said/said.ts';
import { useLanguage } from '../shared/said/use-language.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import { outcomeStates, readBulkSearch, type BulkSearch } from './bulk-search.ts';
import { bulkOutcomesQuery } from './bulk.queries.ts';

const signs = { pending: '◌', done: '✓', skipped: '»', failed: '✗' } as const;

/** What came of each run, the oldest first. */
export function BulkOutcomes({ operation, search }: { operation: BulkOperation; search: BulkSearch }) {
  const { t } = useTranslation('bulk');
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(bulkOutcomesQuery(operation, search));
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {t('outcomes')}
      </Title>
      <NativeSelect
        maw="16rem"
        label={t('columns.outcome')}
        value={search.state ?? ''}
        data={[
          { value: '', label: t('anyOutcome') },
          ...outcomeStates.map((value) => ({ value, label: t(`states.${value}`) })),
        ]}
        onChange={({ currentTarget: { value: state } }) =>
          void navigate({ to: '.', search: readBulkSearch({ state }) })
        }
      />
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data?.outcomes.length === 0 && <Text>{t('noOutcomes')}</Text>}
      {data !== undefined && data.outcomes.length > 0 && (
        <OutcomeTable outcomes={data.outcomes} hasEnded={operation.finished_at !== null} />
      )}
      {data !== undefined && <CursorPages label={t('outcomePages')} search={search} next={data.next_cursor} />}
    </Stack>
  );
}

function OutcomeTable({ outcomes, hasEnded }: { outcomes: BulkOutcome[]; hasEnded: boolean }) {
  const { t } = useTranslation('bulk');
  const language = useLanguage();
  const columns: Column<BulkOutcome>[] = [
    { key: 'run', header: t('columns.run'), render: ({ run_id }) => <RunLink id={run_id} />, maxWidth: '18rem' },
    {
      key: 'rule',
      header: t('columns.rule'),
      render: ({ rule_name }) => <Untrusted text={rule_name} isClipped />,
      maxWidth: '16rem',
    },
    {
      key: 'outcome',
      header: t('columns.outcome'),
      render: ({ state }) => (
        <>
          <span aria-hidden>{signs[state]}</span>{' '}
          {state === 'pending' && hasEnded ? t('notReached') : t(`states.${state}`)}
        </>
      ),
    },
    {
      key: 'why',
      header: t('columns.why'),
      render: ({ message, code, next_run_id }) => (
        <>
          {(message ?? code) !== null && (
            <Untrusted text={sayError(language, code ?? '', message).text} title={message ?? code ?? ''} isClipped />
          )}
          {next_run_id !== null && (
            <Link to="/runs/$runId" params={{ runId: next_run_id }}>
              {t('next')}
            </Link>
          )}
        </>
      ),
      maxWidth: '22rem',
    },
    { key: 'at', header: t('columns.at'), render: ({ at }) => <When at={at} /> },
  ];
  return <DataTable label={t('outcomes')} columns={columns} rows={outcomes} rowKey={({ run_id }) => run_id} />;
}

function RunLink({ id }: { id: string }) {
  return (
    <Link to="/runs/$runId" params={{ runId: id }}>
      <Untrusted text={id} isClipped />
    </Link>
  );
}
