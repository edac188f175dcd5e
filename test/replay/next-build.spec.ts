/** A run that one build began and that waits for an approval, and the next build: see docs/evolution.md. */
import type { WorkflowHandle } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Worker,
  type WorkflowBundle,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerUpdate } from '#temporal/contract/run-messages.ts';
import { runRuleWorkflow } from '#temporal/contract/names.ts';
import { until } from '../support/ingress.ts';
import { uniqueName } from '../support/servers.ts';
import { connectTemporal, type TestTemporal } from '../support/temporal.ts';
import { Recording } from '../workflow/recording-activities.ts';
import { runInput, workflowBundle } from '../workflow/run-harness.ts';

const notify = { type: 'notify.manager', params: {} };
const ask = { type: 'approval.request', params: { title: 'Pay out?', approvers: { users: ['alice'] } } };

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTemporal();
});
afterAll(() => temporal.close());

function build(name: string): Promise<WorkflowBundle> {
  const workflowsPath = fileURLToPath(new URL(`next-build/${name}.ts`, import.meta.url));
  return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
}

function worker(taskQueue: string, bundle: WorkflowBundleOption, { activities, sinks }: Recording): Promise<Worker> {
  return Worker.create({ connection: temporal.native, taskQueue, workflowBundle: bundle, activities, sinks });
}

/** A run that a build, by default the present one, has brought to its question. */
async function waiting(recording: Recording, bundle?: WorkflowBundle) {
  const taskQueue = uniqueName('builds');
  const input = runInput([notify, ask, notify]);
  const before = await worker(taskQueue, bundle ?? workflowBundle(), recording);
  const handle = await before.runUntil(async () => {
    const workflowId = input.executionId;
    const started = await temporal.client.workflow.start(runRuleWorkflow, { taskQueue, workflowId, args: [input] });
    await until('the run asks', () => types(recording).includes('WorkflowPaused'));
    return started;
  });
  const token = recording.approvals.at(-1)?.token ?? '';
  return { taskQueue, handle, token };
}

/** Those of a second or more: the next build's. */
const timersOf = async (run: WorkflowHandle): Promise<number> =>
  ((await run.fetchHistory()).events ?? []).filter(
    ({ timerStartedEventAttributes: its }) => Number(its?.startToFireTimeout?.seconds ?? 0) > 0,
  ).length;

const types = ({ records }: Recording): string[] =>
  records.flatMap(({ events }) => events.map(({ eventType }) => eventType));

async function hasFailed(handle: WorkflowHandle): Promise<boolean> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).some((event) => event.workflowTaskFailedEventAttributes != null);
}

async function approve(handle: WorkflowHandle, token: string): Promise<void> {
  const by = { userId: 'alice', role: 'SESSION_MANAGER' };
  await handle.executeUpdate(answerUpdate, { args: [{ token, decision: 'approve', by, comment: null, data: null }] });
}

it('finishes it, and goes its own way with new runs', async () => {
  const recording = new Recording();
  const { taskQueue, handle, token } = await waiting(recording);
  const next = await worker(taskQueue, await build('patched'), recording);
  const timers = await next.runUntil(async () => {
    await approve(handle, token);
    await handle.result();
    const workflowId = uniqueName('new');
    const input = { ...runInput([notify]), executionId: workflowId };
    const fresh = await temporal.client.workflow.start(runRuleWorkflow, { taskQueue, workflowId, args: [input] });
    await fresh.result();
    return [await timersOf(handle), await timersOf(fresh)];
  });
  expect(timers).toEqual([0, 1]);
  const own = recording.records.filter(({ executionId }) => executionId === handle.workflowId);
  expect(own.flatMap(({ events }) => events.map(({ eventType }) => eventType))).toEqual([
    'WorkflowStarted',
    'WorkflowPaused',
    'WorkflowResumed',
    'WorkflowCompleted',
  ]);
  expect(recording.calls.filter(({ input }) => input.executionId === handle.workflowId)).toHaveLength(2);
});

it('that forgot it leaves the run as it is until a build that fits is there', async () => {
  const recording = new Recording();
  const { taskQueue, handle, token } = await waiting(recording);
  const careless = await worker(taskQueue, await build('careless'), recording);
  await careless.runUntil(async () => {
    await handle.signal('pause');
    await until('its workflow task fails', () => hasFailed(handle), 60_000);
  });
  expect((await handle.describe()).status.name).toBe('RUNNING');
  expect(types(recording)).toEqual(['WorkflowStarted', 'WorkflowPaused']);
  const mended = await worker(taskQueue, await build('patched'), recording);
  await mended.runUntil(async () => {
    await handle.signal('resume');
    await approve(handle, token);
    await handle.result();
  });
  expect(types(recording)).toEqual(['WorkflowStarted', 'WorkflowPaused', 'WorkflowResumed', 'WorkflowCompleted']);
});

const whole = ['WorkflowStarted', 'WorkflowPaused', 'WorkflowResumed', 'WorkflowCompleted'];

it('leaves a run that passed its patch standing when an old build takes it, until it is back', async () => {
  const recording = new Recording();
  const patchedBuild = await build('patched');
  const { taskQueue, handle, token } = await waiting(recording, patchedBuild);
  const old = await worker(taskQueue, workflowBundle(), recording);
  await old.runUntil(async () => {
    await handle.signal('pause');
    await until('its workflow task fails', () => hasFailed(handle), 60_000);
  });
  expect((await handle.describe()).status.name).toBe('RUNNING');
  expect(recording.calls).toHaveLength(1);
  const next = await worker(taskQueue, patchedBuild, recording);
  await next.runUntil(async () => {
    await handle.signal('resume');
    await approve(handle, token);
    await handle.result();
  });
  expect(types(recording)).toEqual(whole);
  expect(recording.calls).toHaveLength(2);
});

it('hands a run back to a build that knows its patch and does not go that way itself', async () => {
  const recording = new Recording();
  const { taskQueue, handle, token } = await waiting(recording, await build('patched'));
  const prepared = await worker(taskQueue, await build('prepared'), recording);
  const timers = await prepared.runUntil(async () => {
    await approve(handle, token);
    await handle.result();
    const input = runInput([notify]);
    const workflowId = input.executionId;
    const fresh = await temporal.client.workflow.start(runRuleWorkflow, { taskQueue, workflowId, args: [input] });
    await fresh.result();
    return [await timersOf(handle), await timersOf(fresh)];
  });
  expect(timers).toEqual([1, 0]);
  const own = recording.records.filter(({ executionId }) => executionId === handle.workflowId);
  expect(own.flatMap(({ events }) => events.map(({ eventType }) => eventType))).toEqual(whole);
});
