import { Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '../shared/client.ts';
import { CopyButton } from '../shared/copy-button.tsx';
import { DataTable } from '../shared/data-table.tsx';
import { sayError, sayReason, type Said } from '../shared/said/said.ts';
import { useLanguage } from '../shared/said/use-language.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { Duration, When } from '../shared/when.tsx';
import { sayGuard } from './guard-note.de.ts';
import { shownAtFirst, type RunColumn } from './run-columns.ts';
import { RunStatusLabel } from './run-status.tsx';

const texts: Partial<Record<RunColumn, (run: Run, language: string) => string | Said | null>> = {
  rule: ({ rule_name }) => rule_name,
  event: ({ trigger_event }) => trigger_event,
  event_id: ({ event_id }) => event_id,
  customer: ({ customer_id, login, brand }) => [customer_id, login, brand].filter((one) => one !== null).join(' · '),
  error: ({ error }, language) => {
    if (error === null) return null;
    const { text, original } = sayError(language, error.code, error.message);
    return { text: `${error.code}: ${text}`, original };
  },
  reason: ({ reason, guard }, language) =>
    reason && ((guard && sayGuard(language, guard)) ?? sayReason(language, reason, guard?.note ?? reason)),
};

const times: Partial<Record<RunColumn, (run: Run) => string | null>> = {
  decided: ({ claimed_at }) => claimed_at,
  started: ({ started_at }) => started_at,
  finished: ({ finished_at }) => finished_at,
};

interface Props {
  runs: Run[];
  columns?: readonly RunColumn[];
}

export function RunTable({ runs, columns = shownAtFirst }: Props) {
  const { t } = useTranslation('runs');
  return (
    <DataTable
      label={t('title')}
      columns={columns.map((key) => ({
        key,
        header: t(`columns.${key}`),
        render: (run: Run) => <Cell column={key} run={run} />,
        maxWidth: '18rem',
      }))}
      rows={runs}
      rowKey={({ run_id }) => run_id}
      minWidth={`${columns.length * 8}rem`}
    />
  );
}

function Cell({ column, run }: { column: RunColumn; run: Run }): ReactNode {
  const { t } = useTranslation('runs');
  const language = useLanguage();
  const given = texts[column]?.(run, language) ?? null;
  if (typeof given === 'string') return <Untrusted text={given} isClipped />;
  if (given !== null) return <Untrusted text={given.text} title={given.original ?? given.text} isClipped />;
  const time = times[column];
  if (time !== undefined) return <When at={time(run)} />;
  if (column === 'status') return <RunStatusLabel run={run} />;
  if (column === 'run') return <RunId run={run} />;
  if (column === 'duration') return <Duration milliseconds={run.duration_ms} />;
  if (column === 'waits' && run.waits_for !== null) return t(`waits.${run.waits_for}`);
  return '–';
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
