import { Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Run } from '../shared/client.ts';
import { CopyButton } from '../shared/copy-button.tsx';
import { DataTable, type Column } from '../shared/data-table.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { Duration, When } from '../shared/when.tsx';
import { RunStatusLabel } from './run-status.tsx';

export function RunTable({ runs }: { runs: Run[] }) {
  const { t } = useTranslation('runs');
  const columns: Column<Run>[] = [
    { key: 'status', header: t('columns.status'), render: ({ status }) => <RunStatusLabel status={status} /> },
    { key: 'run', header: t('columns.run'), render: (run) => <RunId run={run} />, maxWidth: '18rem' },
    {
      key: 'rule',
      header: t('columns.rule'),
      render: (run) => <Untrusted text={run.rule_name} isClipped />,
      maxWidth: '16rem',
    },
    {
      key: 'event',
      header: t('columns.event'),
      render: (run) => <Untrusted text={run.trigger_event} isClipped />,
      maxWidth: '14rem',
    },
    {
      key: 'customer',
      header: t('columns.customer'),
      render: (run) => <Untrusted text={whom(run)} isClipped />,
      maxWidth: '14rem',
    },
    { key: 'decided', header: t('columns.decided'), render: ({ claimed_at }) => <When at={claimed_at} /> },
    { key: 'duration', header: t('columns.duration'), render: (run) => <Duration milliseconds={run.duration_ms} /> },
  ];
  return (
    <DataTable label={t('title')} columns={columns} rows={runs} rowKey={({ run_id }) => run_id} minWidth="56rem" />
  );
}

function whom({ customer_id, login, brand }: Run): string {
  return [customer_id, login, brand].filter((one) => one !== null).join(' · ');
}

function RunId({ run: { run_id, number } }: { run: Run }) {
  const { t } = useTranslation();
  return (
    <>
      <Link to="/runs/$runId" params={{ runId: run_id }}>
        <Untrusted text={run_id} isClipped />
      </Link>
      <Group gap={4}>
        {number !== null && `#${number}`}
        {number !== null && <CopyButton value={String(number)} what={t('shared.number')} />}
        <CopyButton value={run_id} what={t('shared.runId')} />
      </Group>
    </>
  );
}
