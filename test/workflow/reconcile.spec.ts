/** Runs that Temporal ends without their knowledge, on the real server: the time-skipping one lists nothing. */
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunPatch, RunRecord } from '#libs/domain/run.ts';
import { closedRuns } from '#temporal/activities/closed-runs.ts';
import { reconcileActivity } from '#temporal/activities/reconcile.activity.ts';
import type { ReconcileInput, ReconcileResult, RecordInput } from '#temporal/contract/activities.ts';
import { runRuleWorkflow } from '#temporal/contract/names.ts';
import { uniqueName } from '../support/servers.ts';
import { connectTemporal, type TestTemporal } from '../support/temporal.ts';
import { Recording } from './recording-activities.ts';
import { runInput, workflowBundle } from './run-harness.ts';

const delay = { type: 'delay', params: { value: 1, unit: 'days' } };
const notify = { type: 'notify.manager', params: {} };

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTemporal();
});
afterAll(() => temporal.close());

/** A record as the ingress leaves it. */
function claimed(executionId: string): RunRecord {
  return {
    run_id: executionId,
    rule_id: 'r',
    rule_name: 'r',
    rule_version: 1,
    brand: 'acme',
    trigger_event: 't',
    event_id: 'e',
    login: null,
    customer_id: null,
    status: 'claimed',
    reason: null,
    stopped_by: null,
    claimed_at: new Date().toISOString(),
    started_at: null,
    finished_at: null,
    duration_ms: null,
    error: null,
    actions: [],
  };
}

/** Starts a run that waits, terminates it, and gives what the reconciler needs to look at it. */
async function terminatedRun(reason: string) {
  const taskQueue = uniqueName('reconcile');
  const recording = new Recording();
  const { activities, sinks } = recording;
  const bundle = await workflowBundle();
  const worker = await Worker.create({
    connection: temporal.native,
    taskQueue,
    activities,
    sinks,
    workflowBundle: bundle,
  });
  const records = new Map<string, RunRecord>();
  const recorded: RecordInput[] = [];
  const reconcile = reconcileActivity({
    approvals: { cancelOpen: () => Promise.resolve() },
    closedRuns: (closedSince) => closedRuns(temporal.client, taskQueue, closedSince),
    records: { get: (id) => Promise.resolve(records.get(id) ?? null) },
    record: (input) => {
      recorded.push(input);
      if (input.run !== null) write(input.executionId, input.run);
      return Promise.resolve();
    },
    heartbeat: () => undefined,
    now: () => new Date(),
  });
  const write = (id: string, patch: RunPatch) => records.set(id, { ...(records.get(id) ?? claimed(id)), ...patch });

  const input = runInput([notify, delay, notify]);
  records.set(input.executionId, claimed(input.executionId));
  const start = { taskQueue, workflowId: input.executionId, args: [input] };
  const handle = await temporal.client.workflow.start(runRuleWorkflow, start);
  const run = async <T>(body: () => Promise<T>): Promise<T> =>
    worker.runUntil(async () => {
      await vi.waitFor(() => expect(recording.records.some(({ run }) => run?.status === 'running')).toBe(true), 20_000);
      // The timer has to be in the history before the run is terminated.
      await vi.waitFor(async () => {
        const { events } = await handle.fetchHistory();
        expect(events?.some(({ timerStartedEventAttributes }) => timerStartedEventAttributes)).toBe(true);
      }, 20_000);
      await handle.terminate(reason);
      await vi.waitFor(async () => {
        let found = 0;
        for await (const _ of closedRuns(temporal.client, taskQueue, null)) found += 1;
        expect(found).toBe(1);
      }, 20_000);
      return body();
    });
  return { input, handle, records, recorded, reconcile, run };
}

describe('a terminated run', () => {
  it('R-319 gets its record closed and one failure published, once', async () => {
    const { input, records, recorded, reconcile, run } = await terminatedRun('wrong rule, token=abcdef0123456789');
    const { executionId } = input;
    await run(async () => {
      expect(await reconcile({ closedSince: null })).toMatchObject({ closed: 1 });
      expect(await reconcile({ closedSince: null })).toMatchObject({ closed: 0 });
    });
    expect(records.get(executionId)).toMatchObject({
      status: 'failed',
      error: { code: 'Terminated', action: 'action-1' },
      actions: [
        { status: 'completed', detail: 'notifyManager done' },
        { status: 'failed', error: { code: 'Terminated' } },
        { status: 'not_run' },
      ],
    });
    const events = recorded.flatMap((input) => input.events);
    expect(events).toMatchObject([
      {
        eventType: 'WorkflowFailed',
        executionId,
        errorType: 'Terminated',
        failedNodeId: 'action-1',
        failedNodeType: 'delay',
      },
    ]);
    expect(JSON.stringify(events)).not.toContain('abcdef0123456789');
  });

  it('that had written its end keeps it, and the event that goes with it is published', async () => {
    const { input, records, recorded, reconcile, run } = await terminatedRun('late');
    await run(async () => {
      const end = { status: 'completed', finished_at: '2026-01-05T10:00:00.000Z', duration_ms: 7 } as const;
      records.set(input.executionId, { ...claimed(input.executionId), ...end });
      await reconcile({ closedSince: null });
    });
    expect(records.get(input.executionId)).toMatchObject({ status: 'completed', duration_ms: 7 });
    expect(recorded.flatMap((input) => input.events)).toMatchObject([
      { eventType: 'WorkflowCompleted', durationMs: 7 },
    ]);
  });

  it('that goes on after a reset is left alone', async () => {
    const { input, handle, recorded, reconcile, run } = await terminatedRun('to be reset');
    await run(async () => {
      const { events } = await handle.fetchHistory();
      const task = events?.find(({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes);
      await temporal.client.workflowService.resetWorkflowExecution({
        namespace: 'default',
        workflowExecution: { workflowId: input.executionId, runId: handle.firstExecutionRunId },
        workflowTaskFinishEventId: task?.eventId ?? null,
        reason: 'test',
        requestId: uniqueName('reset'),
      });
      expect(await reconcile({ closedSince: null })).toMatchObject({ closed: 0 });
      await temporal.client.workflow.getHandle(input.executionId).terminate('end of the test');
    });
    expect(recorded).toEqual([]);
  });
});

it('a schedule has each reconciliation go on where the last one that succeeded stopped', async () => {
  const taskQueue = uniqueName('reconcile');
  const asked: (string | null)[] = [];
  const reconcile = ({ closedSince }: ReconcileInput): Promise<ReconcileResult> => {
    asked.push(closedSince);
    if (asked.length === 2) throw ApplicationFailure.nonRetryable('the store is away');
    return Promise.resolve({ closed: 0, closedSince: `mark ${asked.length}` });
  };
  const worker = await Worker.create({
    connection: temporal.native,
    taskQueue,
    activities: { reconcile },
    workflowBundle: await workflowBundle(),
  });
  const schedule = await temporal.client.schedule.create({
    scheduleId: taskQueue,
    spec: { intervals: [{ every: '1s' }] },
    action: { type: 'startWorkflow', workflowType: 'reconcileRuns', taskQueue },
    policies: { overlap: ScheduleOverlapPolicy.SKIP },
  });
  try {
    await worker.runUntil(() => vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(3), 20_000));
  } finally {
    await schedule.delete();
  }
  expect(asked.slice(0, 3)).toEqual([null, 'mark 1', 'mark 1']);
});
