/**
 * Turns what runs report into a log line each, and counts actions. Called by the SDK, never during replay; what a
 * repeated workflow task reports again is told and counted once by this process. Ends of runs are counted elsewhere
 * (`run-counter.ts`).
 */
import type { InjectedSinks } from '@temporalio/worker';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { ActionReport, RunReport, RunSinks } from '#temporal/contract/sinks.ts';
import { RecentSet } from './recent.ts';

export function createReportSinks(log: Logger, registry: Registry): InjectedSinks<RunSinks> {
  const actions = new Counter({
    name: 'signalbox_actions_total',
    help: 'Actions that ended, by type and outcome',
    labelNames: ['type', 'outcome'],
    registers: [registry],
  });
  const actionSeconds = new Histogram({
    name: 'signalbox_action_duration_seconds',
    help: 'Time from the start of an action to its end, attempts and pauses between them included',
    labelNames: ['type'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  });
  const told = new RecentSet();

  const action = ({ runId, ruleId, ruleName, eventId, tenant, total, outcome }: ActionReport): void => {
    const { index, type, status, attempts, detail, error } = outcome;
    if (!told.add(`${runId}/${index}`)) return;
    const durationMs = toDuration(outcome);
    actions.inc({ type, outcome: status });
    if (status !== 'skipped') actionSeconds.observe({ type }, durationMs / 1000);
    const names = { runId, ruleId, ruleName, eventId, brand: tenant };
    const fields = { ...names, action: type, index, total, attempts, durationMs, detail, error };
    log[status === 'failed' ? 'warn' : 'info'](fields, `action ${status}`);
  };

  const run = ({ runId, ruleId, ruleName, eventId, tenant, status, durationMs, error }: RunReport): void => {
    if (!told.add(runId)) return;
    const fields = { runId, ruleId, ruleName, eventId, brand: tenant, durationMs, error: error ?? undefined };
    log[status === 'failed' ? 'warn' : 'info'](fields, `run ${status}`);
  };

  return {
    outcomes: { action: { fn: (_info, report) => action(report) }, run: { fn: (_info, report) => run(report) } },
  };
}

function toDuration({ started_at, finished_at }: ActionReport['outcome']): number {
  return started_at === null || finished_at === null
    ? 0
    : Math.max(0, Date.parse(finished_at) - Date.parse(started_at));
}
