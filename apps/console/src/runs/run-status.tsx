import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LiveRun } from '../shared/client.ts';

const signs = {
  running: '▸',
  approval: '…',
  delay: '…',
  paused: '‖',
  held: '◌',
  failed: '✗',
  completed: '✓',
  skipped: '»',
} as const;

type Run = Pick<LiveRun, 'status' | 'waits_for'> & Partial<Pick<LiveRun, 'paused_by'>>;

/** A run that waits for an answer or a time says so, unless an operator has paused it as well. */
function wordOf({ status, waits_for, paused_by = null }: Run) {
  const isWaiting = status === 'paused' || status === 'running';
  if (!isWaiting || waits_for === null || waits_for === 'operator' || paused_by !== null) return status;
  return waits_for;
}

/** The status in words and as a sign, so that no colour has to say it. What a run waits for is part of it. */
export function RunStatusLabel({ run }: { run: Run }) {
  const { t } = useTranslation('runs');
  const word = wordOf(run);
  return (
    <Badge variant="default" leftSection={<span aria-hidden>{signs[word]}</span>}>
      {word === 'approval' || word === 'delay' ? t(`waiting.${word}`) : t(`statuses.${word}`)}
    </Badge>
  );
}
