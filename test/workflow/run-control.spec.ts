import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Person } from '#libs/domain/approvals/approval.ts';
import {
  cancelledBySignal,
  pauseSignal,
  resumeSignal,
  pauseUpdate,
  resumeUpdate,
  type ControlInput,
} from '#temporal/contract/run-messages.ts';
import { searchAttributes } from '#temporal/contract/names.ts';
import { Recording } from './recording-activities.ts';
import { executeRun, timeSkippingEnvironment, type FinishedRun } from './run-harness.ts';

const notify = { type: 'notify.manager', params: {} };
const wait = { type: 'delay', params: { value: 1, unit: 'hours' } };
const webhook = { type: 'webhook.send', params: { url: 'https://hooks.example.com/x' } };
const admin: Person = { userId: 'root', role: 'SESSION_ADMIN' };

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await timeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const types = ({ events }: FinishedRun) => events.map(({ eventType }) => eventType);
const control = (run: WorkflowHandle, what: 'pause' | 'resume', by = admin, reason: string | null = null) =>
  run.executeUpdate(what === 'pause' ? pauseUpdate : resumeUpdate, { args: [{ by, reason } satisfies ControlInput] });
const told = (recording: Recording, type: string): Promise<void> =>
  vi.waitFor(
    () => expect(recording.records.flatMap(({ events }) => events.map(({ eventType }) => eventType))).toContain(type),
    { timeout: 30_000 },
  );

const runState = async (handle: WorkflowHandle): Promise<unknown> =>
  (await handle.describe()).typedSearchAttributes.get(searchAttributes.runState);

/** A webhook that answers when the test says so holds the run at its first action. */
function heldAtFirst(): { recording: Recording; release: () => void } {
  let release = (): void => undefined;
  const answered = new Promise<void>((resolve) => (release = resolve));
  return { recording: new Recording({ webhookSend: () => answered }), release: () => release() };
}

describe('a run that an operator controls', () => {
  it('R-314 R-315 pauses before its next action and goes on when it is told to, by signals without arguments', async () => {
    const { recording, release } = heldAtFirst();
    const run = await executeRun(environment, [webhook, notify], {
      recording,
      meanwhile: async (handle) => {
        await vi.waitFor(() => expect(recording.calls).toHaveLength(1), { timeout: 30_000 });
        await handle.signal(pauseSignal);
        release();
        await told(recording, 'WorkflowPaused');
        expect(recording.calls).toHaveLength(1);
        await handle.signal(resumeSignal);
      },
    });
    expect(types(run)).toEqual(['WorkflowStarted', 'WorkflowPaused', 'WorkflowResumed', 'WorkflowCompleted']);
    expect(run.events[1]).toMatchObject({ suspendedNodeId: 'action-1', actorId: 'operator', expiresAt: null });
    expect(run.recording.calls.map(({ activity }) => activity)).toEqual(['webhookSend', 'notifyManager']);
  });

  it('shows in the Temporal UI which action it is at, and which are done', async () => {
    const { recording, release } = heldAtFirst();
    const details: string[] = [];
    const read = async (handle: WorkflowHandle): Promise<void> => {
      const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
      details.push(currentDetails);
    };
    const run = await executeRun(environment, [webhook, notify], {
      recording,
      meanwhile: async (handle) => {
        await vi.waitFor(() => expect(recording.calls).toHaveLength(1), { timeout: 30_000 });
        await read(handle);
        release();
        await handle.result();
        await read(handle);
      },
    });
    expect(run.record?.status).toBe('completed');
    expect(details.map((text) => text.split('\n').slice(2))).toEqual([
      ['1. ▶️ webhook.send', '2. ▫️ notify.manager'],
      ['1. ✅ webhook.send: webhookSend done', '2. ✅ notify.manager: notifyManager done'],
    ]);
  });

  it('names the person where the command did, and refuses what makes no sense', async () => {
    const { recording, release } = heldAtFirst();
    const refusals: unknown[] = [];
    const run = await executeRun(environment, [webhook, notify], {
      recording,
      meanwhile: async (handle) => {
        const refused = (command: Promise<unknown>) =>
          command.then(
            () => 'taken',
            (error: { cause?: { type?: string } }) => error.cause?.type,
          );
        refusals.push(await refused(control(handle, 'resume')));
        refusals.push(await refused(control(handle, 'pause', { userId: 'alice', role: 'SESSION_CRM_ADMIN' })));
        refusals.push(await refused(control(handle, 'pause', { ...admin, brands: ['other'] })));
        await control(handle, 'pause', admin, 'looking into it');
        // Whoever paused it may not know that it was taken; somebody else has not paused it.
        refusals.push(await refused(control(handle, 'pause', admin, 'once more')));
        refusals.push(await refused(control(handle, 'pause', { ...admin, userId: 'eve' }, 'me too')));
        release();
        await told(recording, 'WorkflowPaused');
        const eve = { userId: 'eve', role: 'SESSION_ADMIN', brands: ['acme'] };
        await control(handle, 'resume', eve);
        refusals.push(await refused(control(handle, 'resume', eve)));
      },
    });
    expect(refusals).toEqual(['run_conflict', 'not_entitled', 'not_entitled', 'taken', 'run_conflict', 'taken']);
    expect(run.events[1]).toMatchObject({ actorId: 'root' });
    expect(run.events[2]).toMatchObject({ resumedBy: 'eve' });
    expect(run.record?.interventions).toMatchObject([
      { what: 'pause', by: 'root', reason: 'looking into it' },
      { what: 'resume', by: 'eve', reason: null },
    ]);
    const [paused, resumed] = run.events.slice(1) as { correlationToken: string }[];
    expect(resumed?.correlationToken).toBe(paused?.correlationToken);
  });

  it('R-318 says nothing of a pause that was taken back before it took effect, nor of a delay', async () => {
    const recording = new Recording();
    const run = await executeRun(environment, [wait, notify], {
      recording,
      meanwhile: async (handle) => {
        const isWaiting = (): boolean => recording.records.some(({ run }) => run?.status === 'running');
        await vi.waitFor(() => expect(isWaiting()).toBe(true), { timeout: 30_000 });
        await control(handle, 'pause');
        await control(handle, 'resume');
      },
    });
    expect(types(run)).toEqual(['WorkflowStarted', 'WorkflowCompleted']);
  });

  it('shows at once that it is paused during a delay, and that it was resumed', async () => {
    const recording = new Recording();
    const shown: unknown[] = [];
    const run = await executeRun(environment, [wait, notify], {
      recording,
      meanwhile: async (handle) => {
        const state = () => recording.records.findLast(({ run: written }) => written !== null)?.run;
        const becomes = (status: string) => vi.waitFor(() => expect(state()?.status).toBe(status), { timeout: 60_000 });
        await becomes('running');
        await control(handle, 'pause', admin, 'wait');
        await becomes('paused');
        shown.push(state()?.interventions, await runState(handle));
        await control(handle, 'resume');
        await becomes('running');
        shown.push(await runState(handle));
      },
    });
    expect(shown).toMatchObject([[{ what: 'pause', by: 'root', reason: 'wait' }], 'paused', undefined]);
    expect(types(run)).toEqual(['WorkflowStarted', 'WorkflowCompleted']);
    const { events = [] } = await run.handle.fetchHistory();
    const timers = (events ?? []).map((one) => Number(one.timerStartedEventAttributes?.startToFireTimeout?.seconds));
    expect(timers.filter((seconds) => seconds > 0)).toHaveLength(1);
  });

  it('R-351 ends when it is cancelled while paused, and says by whom', async () => {
    const { recording, release } = heldAtFirst();
    const run = await executeRun(environment, [webhook, notify], {
      recording,
      meanwhile: async (handle) => {
        await vi.waitFor(() => expect(recording.calls).toHaveLength(1), { timeout: 30_000 });
        await control(handle, 'pause');
        release();
        await told(recording, 'WorkflowPaused');
        await handle.signal(cancelledBySignal, { by: 'root', reason: 'wrong customer' });
        await handle.cancel();
      },
    });
    expect(types(run)).toEqual(['WorkflowStarted', 'WorkflowPaused', 'WorkflowFailed']);
    expect(run.events.at(-1)).toMatchObject({
      errorType: 'Cancelled',
      errorMessage: 'The run was cancelled by root: wrong customer',
      failedNodeId: 'action-1',
    });
    expect(run.recording.calls).toHaveLength(1);
    expect(await runState(run.handle)).toBeUndefined();
  });

  it('is not said to be cancelled by whoever asked for it in vain long before', async () => {
    const run = await executeRun(environment, [wait, notify], {
      meanwhile: async (handle) => {
        await handle.signal(cancelledBySignal, { by: 'root', reason: 'wrong customer' });
        await vi.waitFor(
          async () =>
            expect((await handle.fetchHistory()).events?.some((one) => one.timerStartedEventAttributes)).toBe(true),
          { timeout: 60_000 },
        );
        await environment.sleep('10 minutes');
        await handle.cancel();
      },
    });
    expect(run.events.at(-1)).toMatchObject({ errorType: 'Cancelled', errorMessage: 'The run was cancelled' });
    expect(run.record?.interventions).toBeUndefined();
  });

  it('masks and limits what it is told, whoever sends it', async () => {
    const run = await executeRun(environment, [wait, notify], {
      meanwhile: async (handle) => {
        await control(handle, 'pause', admin, 'password=hunter2hunter2');
        await handle.signal(cancelledBySignal, { by: 'root', reason: 'x'.repeat(100_000) });
        await handle.cancel();
      },
    });
    const [pause, cancel] = run.record?.interventions ?? [];
    expect(pause).toMatchObject({ what: 'pause', reason: 'password=***er2' });
    expect(cancel).toMatchObject({ what: 'cancel', by: 'root', reason: 'x'.repeat(2_000) });
  });

  it('R-351 ends when it is cancelled with a note that says nothing', async () => {
    const run = await executeRun(environment, [wait, notify], {
      meanwhile: async (handle) => {
        await handle.signal(cancelledBySignal);
        await handle.cancel();
      },
    });
    const errorMessage = 'The run was cancelled by operator';
    expect(run.events.at(-1)).toMatchObject({ errorType: 'Cancelled', errorMessage });
  });
});

describe('a run that goes on with one that failed', () => {
  it('begins at the action that failed, with the keys and outcomes of the first', async () => {
    const outcomes = [
      { index: 0, type: 'webhook.send', status: 'completed', attempts: 2, started_at: null, finished_at: null },
    ] as const;
    const retry = { of: 'first:evt-1', number: 1, from: 1, outcomes: [...outcomes], triggeredBy: 'system' };
    const run = await executeRun(environment, [webhook, notify], { input: { retry, triggeredBy: 'root' } });
    expect(run.recording.calls.map(({ activity, input }) => `${activity} ${input.key}`)).toEqual([
      'notifyManager first:evt-1/action-1',
    ]);
    expect(types(run)).toEqual(['WorkflowStarted', 'WorkflowCompleted']);
    expect(run.events[0]).toMatchObject({ executionId: run.input.executionId, triggeredBy: 'root' });
    expect(run.record?.actions).toMatchObject([{ status: 'completed', attempts: 2 }, { status: 'completed' }]);
  });
});
