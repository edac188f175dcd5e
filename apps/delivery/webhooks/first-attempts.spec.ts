import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { KeptEvent } from '#libs/domain/runs/lifecycle-log.ts';
import type { StoredSubscription } from '#libs/domain/subscriptions/subscription.ts';
import type { SendOutcome } from '#libs/subscriptions/webhook-sender.ts';
import { FirstAttempts, Progress } from './first-attempts.ts';
import { Lane } from './lane.ts';

const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(() => void process.off('unhandledRejection', note));

const delivered: SendOutcome = {
  isDelivered: true,
  at: '2026-01-02T03:04:05.000Z',
  durationMs: 1,
  status: 200,
  error: null,
  excerpt: '',
  retryAfterMs: undefined,
};

it('an attempt that cannot be recorded while another one is under way is told of once, when that has ended', async () => {
  const ending = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    ending.signal.addEventListener('abort', () => void setTimeout(() => reject(ending.signal.reason as Error), 5));
  });
  ended.catch(() => undefined);
  const attempts = new FirstAttempts({
    sender: { send: (_, { eventId }) => (eventId === 'slow' ? ended : Promise.resolve(delivered)) },
    timeoutMs: 1_000,
    concurrency: 2,
    record: () => Promise.reject(new Error('the process ends')),
    joinQueue: () => Promise.resolve(false),
    defer: () => Promise.reject(new Error('nothing fails here')),
    observe: () => Promise.resolve(),
  });
  const events = ['slow', 'fast'].map((id, offset) => ({ eventId: id, executionId: id, offset }) as KeptEvent);
  const recipient = { lane: new Lane(2), current: () => ({ subscription_id: 's1' }) as StoredSubscription };
  const progress = new Progress(events);
  const sending = attempts.send(recipient, events, progress, ending.signal).catch((error: unknown) => error);
  await sleep(10);
  ending.abort(new Error('the process ends'));
  expect(await sending).toEqual(new Error('the process ends'));
  expect([unhandled, [...progress.undone]]).toEqual([[], [0, 1]]);
});
