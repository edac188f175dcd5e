import pLimit from 'p-limit';
import { describe, expect, it, vi } from 'vitest';
import { RetryPolicy } from '#libs/async/retry.ts';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import type { Chunk } from '#libs/kafka/chunk.ts';
import { DeadLetters } from '#libs/kafka/dead-letter.ts';
import type { OutgoingMessage } from '#libs/kafka/message.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { toCloudEvent } from '../publisher.ts';
import { EventDelivery } from './event-delivery.ts';
import { HandlerCalls } from './handler-calls.ts';
import type { WorkflowEvent } from './workflow-event.ts';

const at = '2026-01-05T10:00:00.000Z';

/** Messages at these offsets, each of a run of its own. */
function chunkOf(offsets: number[]): Chunk {
  const messages = offsets.map((offset) => {
    const base = { executionId: `r:${offset}`, processId: 'r', tenantId: 't', occurredAt: at, sequence: 0 };
    const draft: LifecycleDraft = {
      ...base,
      eventType: 'WorkflowCompleted',
      durationMs: 1,
      completedAt: at,
      status: 'success',
    };
    const value = Buffer.from(JSON.stringify(toCloudEvent(draft)));
    return { key: null, value, offset: String(offset), timestamp: '0' };
  });
  const [first, next] = [BigInt(offsets[0]!), BigInt(offsets.at(-1)! + 1)];
  return { topic: 'events', partition: 0, messages, first, next, highWatermark: next, fetch: {} };
}

/** @param handle what the only handler does */
function scene(handle: (event: WorkflowEvent) => Promise<void>, maxAhead = 100) {
  const log = createLogger('test', 'silent');
  const commits: bigint[] = [];
  const letters: OutgoingMessage[] = [];
  const send = vi.fn((_topic: string, letter: OutgoingMessage) => Promise.resolve(void letters.push(letter)));
  const handled: string[] = [];
  const handler = {
    name: 'Handler',
    handle: async (event: WorkflowEvent) => {
      handled.push(event.executionId);
      await handle(event);
    },
  };
  const delivery = new EventDelivery({
    groupId: 'group',
    handlers: new Map([['WorkflowCompleted', [handler]]]),
    calls: new HandlerCalls({
      timeoutMs: 60_000,
      attempts: 1,
      pauses: { first: 1, longest: 1 },
      limit: pLimit(10),
      log,
    }),
    deadLetters: new DeadLetters({ send }, 'letters'),
    retryPolicy: new RetryPolicy({ log, checks: {}, limitMs: Infinity }),
    commit: (_topic, _partition, next) => Promise.resolve(void commits.push(next)),
    maxAhead,
    log,
  });
  return { delivery, commits, letters, send, handled };
}

const never = (): Promise<never> => new Promise(() => {});
const held = new AbortController().signal;

describe('the delivery of events', () => {
  it('commits up to the first event that is not done', async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { delivery, commits } = scene(({ executionId }) => (executionId === 'r:1' ? gate : Promise.resolve()));
    await delivery.process(chunkOf([0, 1, 2]), held);
    await vi.waitFor(() => expect(commits.at(-1)).toBe(1n));
    open();
    await vi.waitFor(() => expect(commits.at(-1)).toBe(3n));
  });

  it('takes no more than it is allowed to ahead of an event that is not done', async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { delivery, handled } = scene(({ executionId }) => (executionId === 'r:0' ? gate : Promise.resolve()), 3);
    const processing = delivery.process(chunkOf([0, 1, 2, 3, 4]), held);
    await vi.waitFor(() => expect(handled).toEqual(['r:0', 'r:1', 'r:2']));
    await new Promise((resolve) => setImmediate(resolve));
    expect(handled.length).toBe(3);
    open();
    await processing;
    await vi.waitFor(() => expect(handled).toEqual(['r:0', 'r:1', 'r:2', 'r:3', 'r:4']));
  });

  it('goes on with a chunk that was interrupted where it had come to', async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { delivery, handled, commits } = scene(() => gate, 2);
    const released = new AbortController();
    const processing = delivery.process(chunkOf([0, 1, 2]), released.signal);
    released.abort(new Error('released'));
    await expect(processing).rejects.toThrow('released');
    const again = delivery.process(chunkOf([0, 1, 2]), held);
    open();
    await again;
    await vi.waitFor(() => expect(commits.at(-1)).toBe(3n));
    expect(handled).toEqual(['r:0', 'r:1', 'r:2']);
  });

  it('ends what is under way when partitions are assigned anew, and neither commits it nor gives it up', async () => {
    const { delivery, commits, letters, handled } = scene(never);
    await delivery.process(chunkOf([0, 1]), held);
    await vi.waitFor(() => expect(handled.length).toBe(2));
    delivery.reassigned();
    await delivery.process(chunkOf([0, 1]), held);
    await vi.waitFor(() => expect(handled).toEqual(['r:0', 'r:1', 'r:0', 'r:1']));
    expect([commits, letters]).toEqual([[], []]);
  });

  it('does not take a chunk for taken that was begun before an assignment', async () => {
    const { delivery, handled } = scene(never, 1);
    const refused = vi.fn();
    void delivery.process(chunkOf([0, 1]), held).catch(refused);
    await vi.waitFor(() => expect(handled).toEqual(['r:0']));
    // By now it waits for the first one to be done.
    await new Promise((resolve) => setImmediate(resolve));
    delivery.reassigned();
    await vi.waitFor(() => expect(refused).toHaveBeenCalledOnce());
  });

  it('has its partition read once more when an event could neither be handled nor given up', async () => {
    const { delivery, commits, send, handled } = scene(() => Promise.reject(new Error('no')));
    send.mockRejectedValueOnce(new TypeError('our own fault'));
    await delivery.process(chunkOf([0]), held);
    await vi.waitFor(() => expect(() => delivery.verify()).toThrow('our own fault'));
    await expect(delivery.process(chunkOf([1]), held)).rejects.toThrow('our own fault');
    expect(commits).toEqual([]);
    delivery.reassigned();
    expect(() => delivery.verify()).not.toThrow();
    await delivery.process(chunkOf([0]), held);
    await vi.waitFor(() => expect(commits).toEqual([1n]));
    expect(handled).toEqual(['r:0', 'r:0']);
  });

  it('does not take offsets for those they were when the partition is read from an earlier one', async () => {
    const { delivery, handled } = scene(() => Promise.resolve());
    await delivery.process(chunkOf([5]), held);
    await delivery.process(chunkOf([6]), held);
    await expect(delivery.process(chunkOf([5]), held)).rejects.toMatchObject({ code: 'offsets_reset' });
    delivery.reassigned();
    await delivery.process(chunkOf([5]), held);
    await vi.waitFor(() => expect(handled).toEqual(['r:5', 'r:6', 'r:5']));
  });

  it('goes past offsets at which there is nothing to see', async () => {
    const { delivery, commits } = scene(never);
    await delivery.process({ ...chunkOf([0]), messages: [], next: 7n }, held);
    await vi.waitFor(() => expect(commits).toEqual([7n]));
  });
});
