import { MockActivityEnvironment } from '@temporalio/testing';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PermanentError, RetryableError } from '#libs/domain/errors.ts';
import type { LifecycleDraft } from '#libs/domain/lifecycle.ts';
import type { ActionOutcome, RunRecord } from '#libs/domain/run.ts';
import type {
  CallsInput,
  CallsProgress,
  CallsResult,
  FailureDetail,
  RecordInput,
  WebhookSendInput,
} from '#temporal/contract/activities.ts';
import { makeCallsActivity, type MakeCallsPorts } from './make-calls.activity.ts';

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

function input(count: number, more: Partial<CallsInput> = {}): CallsInput {
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
  readonly beats: CallsProgress[] = [];
  readonly ports: MakeCallsPorts;
  readonly environment: MockActivityEnvironment;

  constructor(
    info: { attempt?: number; heartbeatDetails?: CallsProgress } = {},
    { answer, ...ports }: Partial<MakeCallsPorts> & { answer?: (input: WebhookSendInput) => Promise<void> } = {},
  ) {
    this.environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
    this.environment.on('heartbeat', (details: CallsProgress) => void this.beats.push(structuredClone(details)));
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
      callsTogetherMs: 60_000,
      ...ports,
    };
  }

  get events(): string[] {
    return this.written.flatMap(({ events }) => events.map(({ eventType }) => eventType));
  }

  make(calls: CallsInput): Promise<CallsResult> {
    return this.environment.run(makeCallsActivity(this.ports), calls);
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

  it('tell the server of each before the next', async () => {
    const world = new World();
    await world.make(input(3));
    expect(world.beats.map(({ outcomes }) => outcomes.length)).toEqual([1, 2, 3]);
    expect(world.beats.at(-1)?.told).toBe(true);
  });

  it('cost no heartbeat when there is but one and the run goes on', async () => {
    const world = new World();
    const { durationMs } = await world.make(input(1, { end: null }));
    expect(world.beats).toEqual([]);
    expect(durationMs).toBeNull();
    expect(world.events).toEqual(['WorkflowStarted']);
  });
});

it('leaves calls to further activities once one has taken long', async () => {
  const world = new World({}, { callsTogetherMs: 1, answer: () => new Promise((resolve) => setTimeout(resolve, 10)) });
  const { outcomes, durationMs } = await world.make(input(3));
  expect(outcomes).toHaveLength(1);
  expect(durationMs).toBeNull();
  expect(world.events).toEqual(['WorkflowStarted']);
});

it('beats while a call takes long', async () => {
  vi.useFakeTimers();
  let answer = (): void => undefined;
  const world = new World({}, { answer: () => new Promise((resolve) => (answer = resolve)) });
  const made = world.make(input(1, { end: null }));
  await vi.advanceTimersByTimeAsync(4_900);
  expect(world.beats).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(world.beats).toHaveLength(2);
  answer();
  await made;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(world.beats).toHaveLength(2);
});

const refuseSecond = (failure: Error) => ({
  answer: async ({ key }: WebhookSendInput): Promise<void> => {
    if (key.endsWith('1')) throw failure;
  },
});

describe('a call that fails', () => {
  it.each([
    [new RetryableError('http_status', '503'), false],
    [new PermanentError('http_status', '404'), true],
  ])('fails the activity, which says what was done before', async (refusal, nonRetryable) => {
    const world = new World({}, refuseSecond(refusal));
    const failure: unknown = await world.make(input(3)).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'http_status', nonRetryable });
    const [detail] = (failure as ApplicationFailure).details as [FailureDetail];
    expect(detail).toMatchObject({ attempts: 1, progress: { told: true, outcomes: [{ index: 0 }] } });
    expect(world.beats.at(-1)).toEqual(detail.progress);
    expect(world.keys).toHaveLength(2);
  });

  it('is tried alone by the next attempt; what follows is left to further activities', async () => {
    const heartbeatDetails = { outcomes: [outcome(0)], told: true, endedAt: null };
    const world = new World({ attempt: 2, heartbeatDetails });
    const { outcomes } = await world.make(input(3));
    expect(world.keys).toEqual(['r:e/action-1']);
    expect(outcomes).toMatchObject([outcome(0), { index: 1, attempts: 2 }]);
    expect(world.events).toEqual([]);
  });
});

describe('an attempt in the place of a lost one', () => {
  it('makes all calls the server knows nothing of', async () => {
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

describe('cancellation', () => {
  it('ends them before the next call, and says what was done', async () => {
    const world: World = new World({}, { answer: async () => world.environment.cancel('CANCELLED') });
    await expect(world.make(input(2))).resolves.toMatchObject({ outcomes: [{ index: 0 }], durationMs: null });
    expect(world.keys).toHaveLength(1);
  });

  it('of a call under way is told with what was done before it', async () => {
    const world = new World(
      {},
      {
        answer: ({ key }) =>
          key.endsWith('1') ? Promise.reject(new CancelledFailure('cancelled')) : Promise.resolve(),
      },
    );
    const failure: unknown = await world.make(input(2)).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(CancelledFailure);
    expect((failure as CancelledFailure).details).toMatchObject([{ outcomes: [{ index: 0 }], told: true }]);
  });
});
