import { MockActivityEnvironment } from '@temporalio/testing';
import { CompleteAsyncError } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { toKeptOutcome, type KeptOutcome } from '#libs/domain/runs/call-outcome.ts';
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import type { ActionOutcome, RunRecord } from '#libs/domain/runs/run.ts';
import type {
  CallBatchInput,
  CallBatchProgress,
  CallBatchResult,
  FailureDetail,
  RecordInput,
  WebhookSendInput,
} from '#temporal/contract/activities.ts';
import { TriedError } from '../outbound/tried.ts';
import { callBatchActivity, type CallBatchPorts } from './call-batch.activity.ts';

afterEach(() => void vi.useRealTimers());

const run = { executionId: 'r:e', processId: 'r', tenantId: 'default' };
const startedAt = '2026-01-05T10:00:00.000Z';
const started = {
  ...run,
  eventType: 'WorkflowStarted',
  occurredAt: startedAt,
  sequence: 0,
  triggeredBy: 'system',
  startedAt,
  triggerPayload: {},
} satisfies LifecycleDraft;

function outcome(index: number, status: ActionOutcome['status'] = 'completed'): ActionOutcome {
  return { index, type: 'webhook.send', status, attempts: 1, started_at: startedAt, finished_at: startedAt };
}

function input(count: number, more: Partial<CallBatchInput> = {}): CallBatchInput {
  const subject = { executionId: 'r:e', tenant: 'default', ruleId: 'r', ruleName: 'R', eventId: 'e' };
  const request = { url: 'https://hooks.example.com/', method: 'POST', headers: {}, body: null, timeoutMs: 1000 };
  const calls = Array.from({ length: count }, (_, index) => ({
    index,
    type: 'webhook.send',
    input: { ...subject, ...request, customerId: null, login: null, key: `r:e/action-${index}` },
  }));
  const actions = calls.map(({ index }) => outcome(index, 'not_run'));
  return { executionId: 'r:e', started, calls, end: { ...run, startedAt, actions }, ...more };
}

/** What is behind the activity, noting what it was asked. */
class World {
  readonly keys: string[] = [];
  readonly written: RecordInput[] = [];
  readonly beats: CallBatchProgress[] = [];
  readonly ports: CallBatchPorts;
  readonly environment: MockActivityEnvironment;
  /** What Temporal was told at the end. */
  completed: CallBatchResult | null = null;
  /** What the store keeps of calls that Temporal could not be told of. */
  readonly kept = new Map<string, KeptOutcome>();

  constructor(
    info: { attempt?: number; heartbeatDetails?: CallBatchProgress } = {},
    { answer, ...ports }: Partial<CallBatchPorts> & { answer?: (input: WebhookSendInput) => Promise<void> } = {},
  ) {
    this.environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
    this.ports = {
      webhookSend: async (call) => {
        this.keys.push(call.key);
        await answer?.(call);
        return { detail: 'answered' };
      },
      record: (told) => {
        this.written.push(told);
        return Promise.resolve();
      },
      records: { get: () => Promise.resolve(null) },
      attemptLine: () => ({
        heartbeat: (details) => {
          this.beats.push(structuredClone(details) as CallBatchProgress);
          return Promise.resolve('taken');
        },
        complete: (result) => {
          this.completed = result as CallBatchResult;
          return Promise.resolve('taken');
        },
      }),
      callOutcomes: {
        put: (outcomes) => {
          for (const outcome of outcomes) this.kept.set(outcome.key, outcome);
          return Promise.resolve();
        },
        get: (keys) => Promise.resolve(keys.flatMap((key) => this.kept.get(key) ?? [])),
      },
      runContext: () => Promise.reject(new Error('no call needs it')),
      callsTogetherMs: 60_000,
      ...ports,
    };
  }

  get events(): string[] {
    return this.written.flatMap(({ events }) => events.map(({ eventType }) => eventType));
  }

  /** @returns with what it has ended in Temporal */
  async make(calls: CallBatchInput): Promise<CallBatchResult> {
    const thrown: unknown = await this.environment.run(callBatchActivity(this.ports), calls).catch((error) => error);
    if (!(thrown instanceof CompleteAsyncError)) throw thrown;
    if (this.completed === null) throw new Error('no outcome was told');
    return this.completed;
  }
}

describe('calls that are answered at once', () => {
  it('are made one after the other, between the first and the last event of the run', async () => {
    const world = new World();
    const { outcomes, told, durationMs } = await world.make(input(3));
    expect(world.keys).toEqual(['r:e/action-0', 'r:e/action-1', 'r:e/action-2']);
    expect(outcomes).toMatchObject([0, 1, 2].map((index) => ({ index, status: 'completed', detail: 'answered' })));
    expect(told).toBe(true);
    expect(world.events).toEqual(['WorkflowStarted', 'WorkflowCompleted']);
    expect(world.written.at(-1)?.run).toMatchObject({
      status: 'completed',
      duration_ms: durationMs,
      actions: outcomes,
    });
  });

  it('begin only when Temporal has the outcome of the one before', async () => {
    const course: string[] = [];
    const world = new World({}, { answer: ({ key }) => Promise.resolve(void course.push(key)) });
    const line = world.ports.attemptLine(new Uint8Array());
    world.ports.attemptLine = () => ({
      ...line,
      heartbeat: async (details) => {
        // As long as a server takes.
        await new Promise((resolve) => setTimeout(resolve, 20));
        course.push(`${(details as CallBatchProgress).outcomes.length} at Temporal`);
        return 'taken';
      },
    });
    await world.make(input(3));
    expect(course).toEqual(['r:e/action-0', '1 at Temporal', 'r:e/action-1', '2 at Temporal', 'r:e/action-2']);
  });

  it('stay together when it is Temporal that takes its time', async () => {
    const world = new World({}, { callsTogetherMs: 10 });
    const line = world.ports.attemptLine(new Uint8Array());
    world.ports.attemptLine = () => ({
      ...line,
      heartbeat: () => new Promise((resolve) => setTimeout(resolve, 20, 'taken')),
    });
    const { outcomes } = await world.make(input(3));
    expect(outcomes).toHaveLength(3);
  });

  it('cost no heartbeat when there is but one', async () => {
    const world = new World();
    const { durationMs } = await world.make(input(1, { end: null }));
    expect(world.beats).toEqual([]);
    expect(durationMs).toBeNull();
    expect(world.events).toEqual(['WorkflowStarted']);
  });
});

describe('while Temporal is away', () => {
  const away = (world: World, until: () => boolean): CallBatchPorts['attemptLine'] => {
    const line = world.ports.attemptLine(new Uint8Array());
    const when = <T>(work: () => Promise<T>): Promise<T> => (until() ? work() : Promise.reject(new Error('away')));
    return () => ({
      heartbeat: (details) => when(() => line.heartbeat(details)),
      complete: (result) => when(() => line.complete(result)),
    });
  };

  it.each([1, 2])('puts the outcome into the store and begins no other call: %d of them', async (count) => {
    let isBack = false;
    const world: World = new World();
    world.ports.attemptLine = away(world, () => isBack);
    const made = world.make(input(count, { end: null }));
    await expect.poll(() => [...world.kept.keys()], { timeout: 60_000 }).toEqual(['r:e/action-0']);
    expect(world.keys).toHaveLength(1);
    isBack = true;
    const { outcomes } = await made;
    expect(outcomes).toHaveLength(count);
  });

  it('waits for the store, too, when that is away as well', async () => {
    let isBack = false;
    const world: World = new World();
    const { callOutcomes } = world.ports;
    world.ports.attemptLine = away(world, () => false);
    world.ports.callOutcomes = {
      ...callOutcomes,
      put: (outcomes) => (isBack ? callOutcomes.put(outcomes) : Promise.reject(new Error('away'))),
    };
    void world.make(input(2, { end: null })).catch(() => undefined);
    await expect.poll(() => world.keys, { timeout: 60_000 }).toHaveLength(1);
    isBack = true;
    await expect.poll(() => world.kept.size, { timeout: 60_000 }).toBe(1);
    expect(world.keys).toHaveLength(1);
  });
});

it.each([1, 2])('puts outcomes of an attempt that Temporal has given up into the store: %d calls', async (count) => {
  const gone = () => Promise.resolve('gone' as const);
  const world = new World({}, { attemptLine: () => ({ heartbeat: gone, complete: gone }) });
  await world.make(input(count, { end: null })).catch(() => undefined);
  expect([...world.kept.keys()]).toEqual(['r:e/action-0']);
  expect(world.keys).toHaveLength(1);
});

it('leaves calls to further activities once one has taken long', async () => {
  const world = new World({}, { callsTogetherMs: 1, answer: () => new Promise((resolve) => setTimeout(resolve, 10)) });
  const { outcomes, durationMs } = await world.make(input(3));
  expect(outcomes).toHaveLength(1);
  expect(durationMs).toBeNull();
  expect(world.events).toEqual(['WorkflowStarted']);
});

const refuseSecond = (failure: Error) => ({
  answer: async ({ key }: WebhookSendInput): Promise<void> => {
    if (key.endsWith('1')) throw failure;
  },
});

describe('a call that fails', () => {
  it.each([
    [new RetryableError('webhook_status', '503', { retryAfterMs: 7 }), { again: true, afterMs: 7 }],
    [new RetryableError('webhook_timeout', 'late', { unanswered: true }), { again: true, unanswered: true }],
    [new PermanentError('webhook_status', '404'), { again: false }],
    [new TypeError('a fault of ours'), { again: true }],
  ])(
    'fails the activity for good, which says what was done before and whether to try again',
    async (refusal, tried) => {
      const world = new World({}, refuseSecond(new TriedError(refusal)));
      const failure: unknown = await world.make(input(3)).catch((thrown: unknown) => thrown);
      expect(failure).toBeInstanceOf(ApplicationFailure);
      expect(failure).toMatchObject({ nonRetryable: true, message: refusal.message });
      const [detail] = (failure as ApplicationFailure).details as [FailureDetail];
      expect(detail).toMatchObject({ attempts: 1, progress: { told: true, outcomes: [{ index: 0 }] } });
      expect(detail.tried).toEqual(tried);
      expect(world.keys).toHaveLength(2);
    },
  );

  it('is tried alone by the next attempt; what follows is left to further activities', async () => {
    const world = new World();
    const { outcomes } = await world.make(input(3, { tries: { made: 2, unanswered: 0 } }));
    expect(world.keys).toEqual(['r:e/action-0']);
    expect(outcomes).toMatchObject([{ index: 0, attempts: 3 }]);
  });
});

describe('something of our own that is away', () => {
  const away = new RetryableError('store_unavailable', 'the store is away');

  it('is left to Temporal, which repeats the activity: no receiver was called', async () => {
    const world = new World({}, { answer: () => Promise.reject(away) });
    const failure: unknown = await world.make(input(2)).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ type: 'store_unavailable', nonRetryable: false });
    expect((failure as ApplicationFailure).details).not.toMatchObject([{ tried: expect.anything() }]);
  });

  it('leaves the calls that follow to another activity, once one was answered', async () => {
    const world = new World({}, refuseSecond(away));
    const { outcomes, durationMs } = await world.make(input(3));
    expect(outcomes).toMatchObject([{ index: 0, status: 'completed' }]);
    expect(durationMs).toBeNull();
  });

  it('keeps an attempt that may repeat a call from calling anybody', async () => {
    const world = new World({ attempt: 2, heartbeatDetails: { outcomes: [outcome(0)], told: true, endedAt: null } });
    world.ports.callOutcomes.get = () => Promise.reject(away);
    await expect(world.make(input(3))).rejects.toBe(away);
    expect(world.keys).toEqual([]);
  });
});

describe('an attempt in the place of a lost one', () => {
  it('goes on where that one stood', async () => {
    const world = new World({ attempt: 2, heartbeatDetails: { outcomes: [outcome(0)], told: true, endedAt: null } });
    const { outcomes } = await world.make(input(3));
    expect(world.keys).toEqual(['r:e/action-1']);
    expect(outcomes).toMatchObject([outcome(0), { index: 1, attempts: 1 }]);
    expect(world.events).toEqual([]);
  });

  it('makes no call that the store knows of', async () => {
    const world = new World({ attempt: 2 });
    world.kept.set('r:e/action-0', toKeptOutcome('r:e/action-0', outcome(0)));
    const { outcomes } = await world.make(input(2, { end: null }));
    expect(world.keys).toEqual(['r:e/action-1']);
    expect(outcomes).toMatchObject([outcome(0), { index: 1 }]);
  });

  it('nor does the first attempt of a retry, which has the keys of the run that failed', async () => {
    const world = new World();
    world.kept.set('r:e/action-0', toKeptOutcome('r:e/action-0', outcome(0)));
    await world.make(input(2, { executionId: 'retry-1/r:e', end: null }));
    expect(world.keys).toEqual(['r:e/action-1']);
  });

  it('makes all calls of which nothing is known', async () => {
    const world = new World({ attempt: 2 });
    await world.make(input(1));
    expect(world.keys).toEqual(['r:e/action-0']);
    expect(world.events).toEqual(['WorkflowStarted', 'WorkflowCompleted']);
  });

  it('makes no call once the record says that the run has ended, and tells the same end again', async () => {
    const finished_at = '2026-01-05T10:00:01.000Z';
    const ended = { status: 'completed', finished_at, actions: [outcome(0), outcome(1)] } as RunRecord;
    const world = new World({ attempt: 2 }, { records: { get: () => Promise.resolve(ended) } });
    const { outcomes, durationMs } = await world.make(input(2));
    expect(world.keys).toEqual([]);
    expect(outcomes).toEqual([outcome(0), outcome(1)]);
    expect(durationMs).toBe(1000);
    expect(world.events).toEqual(['WorkflowCompleted']);
    expect(world.written.at(-1)?.events).toMatchObject([{ eventType: 'WorkflowCompleted', completedAt: finished_at }]);
  });
});

describe('what cannot be told in time', () => {
  it.each([
    ['fails', () => Promise.reject(new RetryableError('publish_failed', 'Kafka is away'))],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])('is left to the workflow when it %s, and no end is told before the start', async (_how, record) => {
    vi.useFakeTimers();
    const world = new World({}, { record });
    const made = world.make(input(1));
    await vi.advanceTimersByTimeAsync(5_000);
    await expect(made).resolves.toMatchObject({ told: false, durationMs: null, outcomes: [{ status: 'completed' }] });
  });
});

describe('a process that is to end', () => {
  it('begins no further call, and says what was done', async () => {
    const world: World = new World({}, { answer: async () => world.environment.cancel('WORKER_SHUTDOWN') });
    await expect(world.make(input(2))).resolves.toMatchObject({ outcomes: [{ index: 0 }], durationMs: null });
    expect(world.keys).toHaveLength(1);
  });
});
