/** Runs that Temporal ends without their knowledge, or never got, on the real servers. */
import { ScheduleOverlapPolicy, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunInput } from '#libs/domain/runs/run.ts';
import { closedRuns } from '#temporal/activities/scheduled/closed-runs.ts';
import type { ReconcilePorts } from '#temporal/activities/scheduled/reconcile.activity.ts';
import type { ReconcileInput, ReconcileResult } from '#temporal/contract/activities.ts';
import { runRuleWorkflow } from '#temporal/contract/names.ts';
import { conflicts, RunWorld, typesOf } from '../support/run-world.ts';
import { uniqueName } from '../support/servers.ts';
import { workflowBundle } from './run-harness.ts';

const delay = { type: 'delay', params: { value: 1, unit: 'days' } };
const notify = { type: 'notify.manager', params: {} };
const retryPolicy = { timeout: 60_000, interval: 100 };
const minute = 60_000;
/** Only what Temporal lists: the other look would find the runs as well. */
const listed = { limits: { overlapMs: 60 * minute, openAfterMs: 3_600_000, openRuns: 1 } };

let world: RunWorld;
beforeAll(async () => {
  world = await RunWorld.create();
});
afterAll(() => world.close());

/** A record as the ingress leaves it, so many minutes ago. */
const ago = (minutes: number) => ({ claimed_at: new Date(Date.now() - minutes * minute).toISOString() });

/** Starts a run that waits, terminates it, and waits until Temporal lists it as terminated. */
async function terminatedRun(reason = 'wrong rule', taskQueue = uniqueName('reconcile')) {
  const input = await world.claim([notify, delay, notify]);
  const worker = await world.worker(world.activities(), taskQueue);
  let handle: WorkflowHandleWithFirstExecutionRunId | undefined;
  await worker.runUntil(async () => {
    const started = await world.start(input, '10s', taskQueue);
    handle = started;
    // The timer has to be in the history before the run is terminated.
    await vi.waitFor(async () => {
      const { events } = await started.fetchHistory();
      expect(events?.some(({ timerStartedEventAttributes }) => timerStartedEventAttributes)).toBe(true);
    }, retryPolicy);
    await started.terminate(reason);
  });
  await vi.waitFor(async () => expect(await listedIds(taskQueue)).toContain(input.executionId), retryPolicy);
  if (handle === undefined) throw new Error('the run was not started');
  return { input, handle, taskQueue };
}

async function listedIds(taskQueue: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { executionId } of closedRuns(world.temporal.client, taskQueue, null)) ids.push(executionId);
  return ids;
}

/** As a list that lags behind. */
async function* nothing(): AsyncGenerator<never> {}

/** With a worker that can tell how far a run has come. */
async function reconciled(taskQueue: string, more: Partial<ReconcilePorts> = listed): Promise<ReconcileResult> {
  const worker = await world.worker(world.activities(), taskQueue);
  return worker.runUntil(world.reconciler(more, taskQueue)({ closedSince: null }));
}

describe('a terminated run', () => {
  it('R-319 gets its record closed and one failure published, once', async () => {
    const { input, taskQueue } = await terminatedRun('wrong rule, token=abcdef0123456789');
    expect(await reconciled(taskQueue)).toMatchObject({ closed: 1 });
    expect(await reconciled(taskQueue)).toMatchObject({ closed: 0, failed: 0 });
    expect(await world.record(input)).toMatchObject({
      status: 'failed',
      error: { code: 'Terminated', action: 'action-1' },
      actions: [{ status: 'completed' }, { status: 'failed', error: { code: 'Terminated' } }, { status: 'not_run' }],
    });
    const published = await world.published(input);
    expect(published.map(({ type }) => type)).toEqual(['WorkflowStarted', 'WorkflowFailed']);
    expect(published[1]).toMatchObject({
      data: { errorType: 'Terminated', failedNodeId: 'action-1', failedNodeType: 'delay' },
    });
    expect(JSON.stringify(published)).not.toContain('abcdef0123456789');
    expect(world.ended.filter(([id]) => id === input.executionId)).toMatchObject([
      [expect.anything(), { status: 'failed' }],
    ]);
  });

  it('that goes on after a reset is left alone', async () => {
    const { input, handle, taskQueue } = await terminatedRun('to be reset');
    await world.reset(handle);
    const result = await world.reconciler(listed, taskQueue)({ closedSince: null });
    await world.temporal.client.workflow.getHandle(input.executionId).terminate('end of the test');
    expect(result).toMatchObject({ closed: 0, failed: 0 });
    expect(typesOf(await world.published(input))).toEqual(['WorkflowStarted']);
  });

  it('is closed though Temporal lists it only twenty minutes later', async () => {
    const { input, taskQueue } = await terminatedRun();
    const now = (): Date => new Date(Date.now() + 20 * minute);
    const first = await world.reconciler({ ...listed, closedRuns: nothing, now }, taskQueue)({ closedSince: null });
    expect(first.closed).toBe(0);
    const second = await world.reconciler({ ...listed, now }, taskQueue)({ closedSince: first.closedSince });
    expect(second.closed).toBe(1);
    expect(await world.record(input)).toMatchObject({ status: 'failed', error: { code: 'Terminated' } });
  });

  it('is closed though Temporal never lists it', async () => {
    const { input, taskQueue } = await terminatedRun();
    const limits = { ...listed.limits, openAfterMs: 0, openRuns: 1000 };
    const reconcile = world.reconciler({ closedRuns: nothing, limits }, taskQueue);
    await reconcile({ closedSince: new Date().toISOString() });
    expect(await world.record(input)).toMatchObject({ status: 'failed', error: { code: 'Terminated' } });
    const published = await world.published(input);
    expect(conflicts(published)).toEqual([]);
    expect(typesOf(published)).toEqual(['WorkflowStarted', 'WorkflowFailed']);
  });

  it('is closed beside one that cannot be, which is told of and looked at again', async () => {
    const taskQueue = uniqueName('reconcile');
    const broken = await world.claim([notify]);
    const start = { taskQueue, workflowId: broken.executionId, args: [] };
    await (await world.temporal.client.workflow.start(runRuleWorkflow, start)).terminate();
    const good = [await terminatedRun('first', taskQueue), await terminatedRun('second', taskQueue)];
    const told: Record<string, unknown>[] = [];
    const warn = (_message: string, fields: Record<string, unknown>) => void told.push(fields);
    const hourAgo = new Date(Date.now() - 60 * minute).toISOString();
    const result = await world.reconciler({ ...listed, warn }, taskQueue)({ closedSince: hourAgo });
    expect(result).toMatchObject({ closed: 2, failed: 1, closedSince: hourAgo });
    expect(told).toMatchObject([{ runId: broken.executionId, error: expect.stringContaining('has no input') }]);
    for (const { input } of good) expect(await world.record(input)).toMatchObject({ status: 'failed' });
  });
});

describe('a run that was decided', () => {
  const status = async ({ executionId }: RunInput): Promise<string> => {
    try {
      return (await world.temporal.client.workflow.getHandle(executionId).describe()).status.name;
    } catch {
      return 'not there';
    }
  };
  const lookAll = (taskQueue: string, more: Partial<ReconcilePorts> = {}) =>
    world.reconciler({ closedRuns: nothing, ...more }, taskQueue)({ closedSince: null });

  it('and never started is started, and runs once', async () => {
    const taskQueue = uniqueName('reconcile');
    const old = await world.claim([notify], ago(10));
    const young = await world.claim([notify], ago(1));
    expect(await lookAll(taskQueue)).toMatchObject({ started: 1, unknown: 0, failed: 0 });
    expect([await status(old), await status(young)]).toEqual(['RUNNING', 'not there']);
    expect(await lookAll(taskQueue)).toMatchObject({ started: 0 });
    const worker = await world.worker(world.activities(), taskQueue);
    await worker.runUntil(world.temporal.client.workflow.getHandle(old.executionId).result());
    expect(await world.record(old)).toMatchObject({ status: 'completed' });
    expect(typesOf(await world.published(old))).toEqual(['WorkflowStarted', 'WorkflowCompleted']);
  });

  it('and may have begun before Temporal forgot it is not begun again, and is told of', async () => {
    const taskQueue = uniqueName('reconcile');
    const forgotten = await world.claim([notify], ago(60));
    const begun = await world.claim([notify], ago(10));
    const run = { started_at: ago(10).claimed_at, finished_at: null, duration_ms: null, error: null, actions: [] };
    await world.ports.runs.record(begun.executionId, { status: 'running', ...run }, null);
    const told: unknown[] = [];
    const warn = (_message: string, { runId }: Record<string, unknown>) => void told.push(runId);
    const result = await lookAll(taskQueue, { retention: () => Promise.resolve(30 * minute), warn });
    expect(result).toMatchObject({ started: 0, unknown: 2 });
    expect(new Set(told)).toEqual(new Set([forgotten.executionId, begun.executionId]));
    expect([await status(forgotten), await status(begun)]).toEqual(['not there', 'not there']);
    for (const { executionId } of [forgotten, begun]) {
      await world.ports.runs.record(executionId, { ...run, status: 'completed', finished_at: '' }, null);
    }
  });

  it('is looked for a part at a time, each look going on behind the last', async () => {
    const taskQueue = uniqueName('reconcile');
    const inputs = [await world.claim([notify], ago(12)), await world.claim([notify], ago(11))];
    const limits = { overlapMs: 0, openAfterMs: 10.5 * minute, openRuns: 1 };
    const reconcile = world.reconciler({ closedRuns: nothing, limits }, taskQueue);
    const first = await reconcile({ closedSince: null });
    expect([await status(inputs[0]!), await status(inputs[1]!)]).toEqual(['RUNNING', 'not there']);
    const { openAfter = null } = first;
    expect(await reconcile({ closedSince: null, openAfter })).toMatchObject({ started: 1, openAfter: null });
    expect(await status(inputs[1]!)).toBe('RUNNING');
    for (const { executionId } of inputs) await world.temporal.client.workflow.getHandle(executionId).terminate();
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
    connection: world.temporal.native,
    taskQueue,
    activities: { reconcile },
    workflowBundle: workflowBundle(),
  });
  const schedule = await world.temporal.client.schedule.create({
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
