import { Group, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Run } from '../shared/client.ts';
import { CopyButton } from '../shared/copy-button.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { Duration, When } from '../shared/when.tsx';
import { RunStatusLabel } from './run-status.tsx';

export function RunTable({ runs }: { runs: Run[] }) {
  const { t } = useTranslation();
  const columns = ['status', 'run', 'rule', 'event', 'customer', 'decided', 'duration'] as const;
  return (
    // Wider than a small screen: it scrolls by itself, also by the keyboard.
    <section aria-label={t('runs.title')} tabIndex={0} style={{ overflowX: 'auto' }}>
      <Table verticalSpacing="xs" miw="56rem">
        <Table.Thead>
          <Table.Tr>
            {columns.map((name) => (
              <Table.Th key={name} scope="col">
                {t(`runs.columns.${name}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <RunRow key={run.run_id} run={run} />
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function RunRow({ run }: { run: Run }) {
  const { t } = useTranslation();
  const { run_id, number, customer_id, login, brand } = run;
  const whom = [customer_id, login, brand].filter((one) => one !== null).join(' · ');
  return (
    <Table.Tr>
      <Table.Td>
        <RunStatusLabel status={run.status} />
      </Table.Td>
      <Table.Td maw="18rem">
        <Link to="/runs/$runId" params={{ runId: run_id }}>
          <Untrusted text={run_id} isClipped />
        </Link>
        <Group gap={4}>
          {number !== null && `#${number}`}
          {number !== null && <CopyButton value={String(number)} what={t('shared.number')} />}
          <CopyButton value={run_id} what={t('shared.runId')} />
        </Group>
      </Table.Td>
      <Table.Td maw="16rem">
        <Untrusted text={run.rule_name} isClipped />
      </Table.Td>
      <Table.Td maw="14rem">
        <Untrusted text={run.trigger_event} isClipped />
      </Table.Td>
      <Table.Td maw="14rem">
        <Untrusted text={whom} isClipped />
      </Table.Td>
      <Table.Td>
        <When at={run.claimed_at} />
      </Table.Td>
      <Table.Td>
        <Duration milliseconds={run.duration_ms} />
      </Table.Td>
    </Table.Tr>
  );
}
