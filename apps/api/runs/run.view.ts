import { encodeId } from '#libs/domain/hooks/global-id.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { waitReasonOf } from '#libs/domain/runs/waits-for.ts';
import type { RunView } from './run.schema.ts';

/** Whether a claimed run's workflow has taken its first step is of no use to those who watch: it is under way. */
export function toRunStatus({ status }: Pick<RunRecord, 'status'>): RunView['status'] {
  return status === 'claimed' ? 'running' : status;
}

/** @param link of a run in the Temporal UI */
export function runView(run: RunRecord, link: (runId: string) => string): RunView {
  const isElsewhere = run.status === 'skipped' || run.status === 'held';
  const { number = null } = run;
  return {
    ...run,
    number,
    request_id: number === null ? null : encodeId('Request', number),
    status: toRunStatus(run),
    waits_for: waitReasonOf(run),
    temporal_url: isElsewhere ? null : link(run.run_id),
  };
}

/** Whether it goes on: its record may be behind. */
export function isUnderWay({ status }: Pick<RunRecord, 'status'>): boolean {
  return status === 'claimed' || status === 'running' || status === 'paused';
}
