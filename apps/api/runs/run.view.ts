import type { RunRecord, RunStatus } from '#libs/domain/run.ts';

/** A run-log entry as callers see it. */
export type RunView = Omit<RunRecord, 'status'> & { status: Exclude<RunStatus, 'claimed'> };

/** Whether a claimed run's workflow has taken its first step is of no use to those who watch: it is under way. */
export function runView(run: RunRecord): RunView {
  return { ...run, status: run.status === 'claimed' ? 'running' : run.status };
}
