/**
 * Gives runs that were terminated or timed out the end they could not give themselves: WorkflowFailed is published and
 * their record closed. In this order, since a closed record means that nothing is left to do; what is published twice
 * for a crash in between has the same id.
 */
import type { RunRecord } from '#libs/domain/run.ts';
import type { ReconcileInput, ReconcileResult, RecordInput } from '#temporal/contract/activities.ts';
import type { ClosedRun } from './closed-runs.ts';
import { abandonedEnd, isAbandonedEnd, ownEnd } from './run-end.ts';

export interface ReconcilePorts {
  /** Runs that Temporal closed since then, or all it knows. A run that goes on after a reset is none of them. */
  closedRuns(closedSince: string | null): AsyncIterable<ClosedRun>;
  records: { get(executionId: string): Promise<RunRecord | null> };
  approvals: { cancelOpen(executionId: string, at: string): Promise<void> };
  record(input: RecordInput): Promise<void>;
  heartbeat(): void;
  now(): Date;
}

/** What Temporal closed may appear in its lists a while later. */
const overlapMs = 2 * 60_000;

export function reconcileActivity(ports: ReconcilePorts): (input: ReconcileInput) => Promise<ReconcileResult> {
  return async ({ closedSince }) => {
    const began = ports.now();
    let closed = 0;
    for await (const run of ports.closedRuns(closedSince)) {
      ports.heartbeat();
      const record = await ports.records.get(run.executionId);
      if (record === null || isAbandonedEnd(record)) continue;
      const { executionId } = run;
      await ports.approvals.cancelOpen(executionId, run.closedAt);
      const story = await run.story();
      // It may have written its end and been terminated before it published it.
      const { events, patch } = record.finished_at === null ? abandonedEnd(run, story, record) : ownEnd(story, record);
      await ports.record({ executionId, run: null, events });
      if (patch !== null) await ports.record({ executionId, run: patch, events: [] });
      closed += 1;
    }
    return { closedSince: new Date(began.getTime() - overlapMs).toISOString(), closed };
  };
}
