/**
 * Closes the record of a run in the run's place and publishes its end: WorkflowStarted before it, unless that is out
 * for certain. The record decides: a run that had written its end keeps it. Each step may be repeated.
 */
import { buildEndEvent } from '#libs/domain/runs/run-completion.ts';
import { toRunNames, buildStartedEvent } from '#libs/domain/runs/run-start.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import type { ClosedRunStore } from '#libs/store/runs/closed-run.repository.ts';
import type { RecordInput, RecordResult } from '#temporal/contract/activities.ts';
import type { ClosedRun } from './closed-run.ts';
import { abandonedEnd } from './missing-run-end.ts';

export interface CloseRunPorts {
  records: { get(executionId: string): Promise<RunRecord | null> };
  closedRunStore: ClosedRunStore;
  approvals: { cancelOpen(executionId: string, at: string): Promise<void> };
  record(input: RecordInput): Promise<RecordResult>;
}

/** @returns false when there was nothing to do: it was closed before, goes on after a reset, or it has no record */
export async function closeRun(run: ClosedRun, ports: CloseRunPorts): Promise<boolean> {
  const { executionId, closedAt } = run;
  if (!(await ports.closedRunStore.isToClose(executionId))) return false;
  if (!(await run.isLatest())) return false;
  const story = await run.story();
  const record = await ports.records.get(executionId);
  if (record === null) return false;
  const { input, startedAt, startedPublished } = story;
  if (!startedPublished) await ports.record({ executionId, run: null, events: [buildStartedEvent(input, startedAt)] });
  const end = abandonedEnd(run, story, record);
  await ports.record({ executionId, run: end, events: [buildEndEvent(toRunNames(input), end)] });
  await ports.approvals.cancelOpen(executionId, closedAt);
  await ports.closedRunStore.close(executionId);
  return true;
}
