/** One true end for each run, whatever is repeated, lost, terminated or reset: on the real servers. */
import { WorkflowFailedError, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { NoteStore } from '#libs/domain/crm/note.ts';
import type { RunInput } from '#libs/domain/runs/run.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { recordRunActivity } from '#temporal/activities/run/record-run.activity.ts';
import type { LocalActivities } from '#temporal/contract/activities.ts';
import { createLocalActivities } from '#temporal/activities/create-activities.ts';
import { until } from '../support/ingress.ts';
import { conflicts, RunWorld, typesOf } from '../support/run-world.ts';
import { servers, uniqueName } from '../support/servers.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const notify = { type: 'notify.manager', params: {} };
const note = { type: 'add_note', params: { body: 'Look' } };
const day = { type: 'delay', params: { value: 1, unit: 'days' } };
const ask = { type: 'approval.request', params: { title: 'Pay out?', approvers: { users: ['alice'] } } };

const retryPolicy = { timeout: 60_000, interval: 100 };

let world: RunWorld;
beforeAll(async () => {
  world = await RunWorld.create();
});
afterAll(() => world.close());

/**
 * Carries a run out with a worker that Temporal does not hear from once an activity has done its work, until Temporal
 * has given the workflow task up: what the activity did is done, and its result is lost.
 * @param then ends when the run has ended; it is told how often the activity has been executed
 */
async function carriedOutTwice<Name extends 'executeWriteBatch' | 'recordRun'>(
  input: RunInput,
  activities: LocalActivities,
  name: Name,
  isMeant: (input: Parameters<LocalActivities[Name]>[0]) => boolean,
  then: (handle: WorkflowHandleWithFirstExecutionRunId, times: () => number) => Promise<void>,
): Promise<void> {
  const proxy = await startTcpProxy(servers().temporal);
  const connection = await NativeConnection.connect({ address: proxy.address });
  const real = activities[name] as (input: unknown) => Promise<unknown>;
  const handle = world.temporal.client.workflow.getHandle(input.executionId);
  let times = 0;
  const cutOff = async (given: Parameters<LocalActivities[Name]>[0]): Promise<unknown> => {
    const result = await real(given);
    if (!isMeant(given) || (times += 1) > 1) return result;
    await proxy.cut();
    await vi.waitFor(async () => {
      const { events } = await handle.fetchHistory();
      expect(events?.some((event) => event.workflowTaskTimedOutEventAttributes != null)).toBe(true);
    }, retryPolicy);
    await proxy.restore();
    return result;
  };
  try {
    const worker = await world.worker({ ...activities, [name]: cutOff }, uniqueName('late'), connection);
    const { taskQueue } = worker.options;
    await worker.runUntil(async () => {
      await then(await world.start(input, '2s', taskQueue), () => times);
    });
  } finally {
    await connection.close();
    await proxy.close();
  }
}

describe('a workflow task that is given up and executed again', () => {
  it('publishes one end, the same to the byte, and counts it once', async () => {
    const input = await world.claim([notify, note]);
    await carriedOutTwice(
      input,
      world.activities(),
      'executeWriteBatch',
      ({ end }) => end !== null,
      (handle) => handle.result(),
    );
    const published = await world.published(input);
    expect(published.filter(({ type }) => type === 'WorkflowCompleted')).toHaveLength(2);
    expect(conflicts(published)).toEqual([]);
    expect(typesOf(published)).toEqual(['WorkflowStarted', 'WorkflowCompleted']);
    const { finished_at, duration_ms } = await world.record(input);
    expect(published.at(-1)).toMatchObject({ data: { completedAt: finished_at, durationMs: duration_ms } });
    expect(world.ended.filter(([id]) => id === input.executionId)).toHaveLength(1);
  });

  it('publishes one failure, the same to the byte', async () => {
    const input = await world.claim([notify, { type: 'customer.set_status', params: { status: 'none such' } }]);
    await carriedOutTwice(
      input,
      world.activities(),
      'recordRun',
      ({ run }) => run?.status === 'failed',
      (handle) => expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError),
    );
    const published = await world.published(input);
    expect(conflicts(published)).toEqual([]);
    expect(typesOf(published)).toEqual(['WorkflowStarted', 'WorkflowFailed']);
    expect(world.ended.filter(([id]) => id === input.executionId)).toHaveLength(1);
  });

  it('publishes one pause, the same to the byte, though the answer of the activity that told it was lost', async () => {
    const input = await world.claim([ask]);
    const real = world.activities();
    let times = 0;
    const record: LocalActivities['recordRun'] = async (given) => {
      const result = await real.recordRun(given);
      if (given.run?.status === 'paused' && (times += 1) === 1) throw new Error('the answer is lost');
      return result;
    };
    const worker = await world.worker({ ...real, recordRun: record }, uniqueName('lost'));
    await worker.runUntil(async () => {
      const handle = await world.start(input, '10s', worker.options.taskQueue);
      await vi.waitFor(() => expect(times).toBe(2), retryPolicy);
      await handle.cancel();
      await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    });
    const published = await world.published(input);
    expect(published.filter(({ type }) => type === 'WorkflowPaused')).toHaveLength(2);
    expect(conflicts(published)).toEqual([]);
    expect(typesOf(published)).toEqual(['WorkflowStarted', 'WorkflowPaused', 'WorkflowFailed']);
  });

  it('leaves the end it had published, though what is done again fails', async () => {
    const input = await world.claim([notify, note]);
    let added = 0;
    const notes: NoteStore = {
      find: (id) => world.ports.notes.find(id),
      add: (made) => {
        if ((added += 1) > 1) throw new PermanentError('customer_not_found', 'The customer is gone');
        return world.ports.notes.add(made);
      },
    };
    const activities = createLocalActivities({ ...world.ports, notes });
    await carriedOutTwice(
      input,
      activities,
      'executeWriteBatch',
      () => true,
      (handle) => handle.result(),
    );
    expect(added).toBe(2);
    const published = await world.published(input);
    expect(conflicts(published)).toEqual([]);
    expect(typesOf(published)).toEqual(['WorkflowStarted', 'WorkflowCompleted']);
    const done = { status: 'completed' };
    expect(await world.record(input)).toMatchObject({ ...done, actions: [done, done] });
  });
});

describe('a run that is reset', () => {
  it('after it has completed does nothing more, and ends as its record says', async () => {
    const input = await world.claim([notify, note]);
    const worker = await world.worker();
    await worker.runUntil(async () => {
      const handle = await world.start(input);
      await handle.result();
      const before = await world.record(input);
      await world.reset(handle);
      await world.temporal.client.workflow.getHandle(input.executionId).result();
      expect(await world.record(input)).toEqual(before);
    });
    const published = await world.published(input);
    expect(conflicts(published)).toEqual([]);
    expect(typesOf(published)).toEqual(['WorkflowStarted', 'WorkflowCompleted']);
    expect(world.ended.filter(([id]) => id === input.executionId)).toHaveLength(1);
  });

  it('after it has failed stays failed, and does not try again what failed', async () => {
    let attempts = 0;
    const notes: NoteStore = {
      find: (id) => world.ports.notes.find(id),
      add: (made) => {
        if ((attempts += 1) === 1) throw new PermanentError('customer_not_found', 'The customer is gone');
        return world.ports.notes.add(made);
      },
    };
    const input = await world.claim([notify, note]);
    const worker = await world.worker(createLocalActivities({ ...world.ports, notes }));
    await worker.runUntil(async () => {
      const handle = await world.start(input);
      await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
      await world.reset(handle);
      const again = world.temporal.client.workflow.getHandle(input.executionId);
      await expect(again.result()).rejects.toMatchObject({ cause: { type: 'customer_not_found' } });
    });
    expect(attempts).toBe(1);
    expect(await world.record(input)).toMatchObject({ status: 'failed', error: { code: 'customer_not_found' } });
    const published = await world.published(input);
    expect(conflicts(published)).toEqual([]);
    expect(typesOf(published)).toEqual(['WorkflowStarted', 'WorkflowFailed']);
  });

  it('while it goes on ends once, and asks anew', async () => {
    const input = await world.claim([notify, ask, note]);
    const worker = await world.worker();
    const asked = async () => (await createApprovals(world.store).list({ runId: input.executionId })).items;
    await worker.runUntil(async () => {
      const handle = await world.start(input);
      await vi.waitFor(async () => expect(await asked()).toHaveLength(1), retryPolicy);
      const runId = await world.reset(handle);
      await vi.waitFor(async () => expect(await asked()).toHaveLength(2), retryPolicy);
      const open = (await asked()).filter(({ state }) => state === 'open');
      expect(open).toHaveLength(1);
      const again = world.temporal.client.workflow.getHandle(input.executionId, runId);
      const by = { userId: 'alice', role: 'SESSION_MANAGER' };
      const answer = { token: open[0]?.token, decision: 'approve', by, comment: null, data: null };
      await again.executeUpdate('answerApproval', { args: [answer] });
      await again.result();
    });
    expect(await world.record(input)).toMatchObject({ status: 'completed' });
    const published = await world.published(input);
    expect(conflicts(published)).toEqual([]);
    const whole = ['WorkflowStarted', 'WorkflowPaused', 'WorkflowPaused', 'WorkflowResumed', 'WorkflowCompleted'];
    expect(typesOf(published)).toEqual(whole);
  });
});

/** How many workflow tasks were done when the first answer was taken. */
async function tasksUntilAnswer(handle: WorkflowHandleWithFirstExecutionRunId): Promise<number> {
  const events = (await handle.fetchHistory()).events ?? [];
  const answered = events.findIndex((event) => event.workflowExecutionUpdateAcceptedEventAttributes != null);
  return events.slice(0, answered).filter((event) => event.workflowTaskCompletedEventAttributes != null).length;
}

describe('a run that is reset in its middle', () => {
  // Its whole history is executed again for each task: it must ask for what it asked for.
  it('goes on from there when it has not ended, though no worker remembers it', async () => {
    const input = await world.claim([notify, ask, note, ask, note]);
    const worker = await world.worker(world.activities(), uniqueName('replaying'), undefined, {
      maxCachedWorkflows: 0,
    });
    const { taskQueue } = worker.options;
    const open = async () => {
      const { items } = await createApprovals(world.store).list({ runId: input.executionId, state: 'open' });
      return items.map(({ token }) => token);
    };
    const run = () => world.temporal.client.workflow.getHandle(input.executionId);
    const answer = async (tokens: string[]): Promise<void> => {
      const by = { userId: 'alice', role: 'SESSION_MANAGER' };
      const given = { token: tokens[0], decision: 'approve', by, comment: null, data: null };
      await run().executeUpdate('answerApproval', { args: [given] });
    };
    const asked = async (...before: string[]): Promise<string[]> => {
      await until('it asks', async () => (await open()).some((token) => !before.includes(token)), retryPolicy.timeout);
      return open();
    };
    await worker.runUntil(async () => {
      const handle = await world.start(input, '10s', taskQueue);
      const first = await asked();
      await answer(first);
      const second = await asked(...first);
      // The task of the first answer: the actions before it have been executed, the question is answered again.
      await world.reset(handle, await tasksUntilAnswer(handle));
      const third = await asked(...first, ...second);
      expect(third).toHaveLength(1);
      await answer(third);
      await run().result();
    });
    expect(await world.record(input)).toMatchObject({ status: 'completed' });
    const published = await world.published(input);
    expect(conflicts(published)).toEqual([]);
    expect(typesOf(published).filter((type) => type === 'WorkflowCompleted')).toHaveLength(1);
  });
});

/** Starts a run, and terminates it when it has come as far as told. */
async function terminated(
  actions: Parameters<RunWorld['claim']>[0],
  activities: object,
  isFar: (input: RunInput) => boolean | Promise<boolean>,
  end: (handle: WorkflowHandleWithFirstExecutionRunId) => Promise<unknown> = (handle) => handle.terminate('wrong rule'),
) {
  const taskQueue = uniqueName('terminated');
  const input = await world.claim(actions);
  const worker = await world.worker(activities, taskQueue);
  await worker
    .runUntil(async () => {
      const handle = await world.start(input, '10s', taskQueue);
      await until('the run is as far as that', () => isFar(input), retryPolicy.timeout);
      await end(handle);
    })
    .catch(() => undefined);
  const reconcile = world.reconciler(
    { limits: { overlapMs: 3_600_000, openAfterMs: 3_600_000, openRuns: 1 } },
    taskQueue,
  );
  /** Temporal's lists lag behind. */
  const closed = () =>
    vi.waitFor(async () => expect((await reconcile({ closedSince: null })).closed).toBe(1), retryPolicy);
  return { input, reconcile, closed };
}

describe('a run that is terminated', () => {
  it('before anything of it was published is started and failed for those who follow it', async () => {
    let attempts = 0;
    const activities = { ...world.activities(), ...refusing(() => (attempts += 1)) };
    // More than one, so that Temporal has noted that it is tried again later.
    const { input, closed } = await terminated([day], activities, () => attempts > 6);
    await closed();
    const published = await world.published(input);
    expect(conflicts(published)).toEqual([]);
    expect(typesOf(published)).toEqual(['WorkflowStarted', 'WorkflowFailed']);
    expect(await world.record(input)).toMatchObject({
      status: 'failed',
      error: { code: 'Terminated', action: 'action-0' },
      actions: [{ type: 'delay' }],
    });
  });

  it('just after it had written its end keeps that end, and publishes it', async () => {
    const runs = world.ports.runs;
    const lifecycle = { publish: () => Promise.reject(new Error('the broker is away')) };
    const record = recordRunActivity({ ...world.ports, lifecycle });
    const activities = {
      ...world.activities(),
      executeWriteBatch: async (batch: Parameters<LocalActivities['executeWriteBatch']>[0]) => {
        const real = createLocalActivities({ ...world.ports, lifecycle: silent(batch.end !== null) });
        return real.executeWriteBatch(batch);
      },
      recordRun: record,
    };
    const isClosed = async ({ executionId }: RunInput) => (await runs.ending(executionId)) !== null;
    const { input, reconcile, closed } = await terminated([notify], activities, isClosed);
    const before = await world.record(input);
    expect(before.status).toBe('completed');
    expect(typesOf(await world.published(input))).not.toContain('WorkflowCompleted');
    await closed();
    expect((await reconcile({ closedSince: null })).closed).toBe(0);
    expect(await world.record(input)).toEqual(before);
    const published = await world.published(input);
    expect(conflicts(published)).toEqual([]);
    expect(typesOf(published)).toEqual(['WorkflowStarted', 'WorkflowCompleted']);
  });
});

/** A record that cannot be written. */
function refusing(tried: () => void): Pick<LocalActivities, 'recordRun'> {
  return {
    recordRun: () => {
      tried();
      return Promise.reject(new Error('the store is away'));
    },
  };
}

/** Publishes the start and nothing else, when asked to. */
function silent(isAsked: boolean): RunWorld['ports']['lifecycle'] {
  const { lifecycle } = world.ports;
  return {
    publish: (drafts) => {
      const isStart = drafts.every(({ eventType }) => eventType === 'WorkflowStarted');
      return isStart || !isAsked ? lifecycle.publish(drafts) : Promise.reject(new Error('the broker is away'));
    },
  };
}
