/** Counts runs that ended, where their records are closed: whatever a run repeats afterwards counts no second time. */
import { Counter, type Registry } from 'prom-client';
import type { RunOutcome } from '#libs/domain/runs/run-completion.ts';
import { RecentSet } from './recent.ts';

export function createRunCounter(registry: Registry): (executionId: string, outcome: RunOutcome) => void {
  const runs = new Counter({
    name: 'signalbox_runs_ended_total',
    help: 'Runs that ended, by outcome',
    labelNames: ['outcome'],
    registers: [registry],
  });
  // A write whose answer was lost is made again, and finds what it wrote itself.
  const counted = new RecentSet();
  return (executionId, { status }) => {
    if (counted.add(executionId)) runs.inc({ outcome: status });
  };
}
