import { expect, it } from 'vitest';
import { unlessAborted } from '#libs/async/rejection.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { Dispatcher } from './dispatcher.ts';
import { SubscriptionCache } from './subscription-cache.ts';

const none = { revision: () => Promise.resolve(0), all: () => Promise.resolve([]) };
const unused = (): Promise<never> => Promise.reject(new Error('not asked'));

it('goes on looking for changes when partitions are assigned anew while one is being taken over', async () => {
  let looks = 0;
  const dispatcher = new Dispatcher({
    cache: new SubscriptionCache(none),
    lifecycle: {
      // The first look never ends.
      state: () => ((looks += 1) === 1 ? new Promise(() => undefined) : Promise.resolve(null)),
      read: unused,
    },
    attempts: { add: unused, delivered: unused },
    pending: { change: unused, push: unused, keysOfPartition: () => Promise.resolve([]) },
    cursors: { all: () => Promise.resolve([]), put: unused, claim: unused, move: unused, remove: unused },
    sender: { send: unused },
    wake: unused,
    health: { noteAttempt: unused },
    retryPolicy: { retryForever: (_, attempt, signal) => unlessAborted(attempt(), [signal]) },
    concurrency: 1,
    timeoutMs: 1_000,
    metrics: { attempted: () => undefined },
    log: createLogger('test', 'silent'),
  });
  dispatcher.assigned('topic', [0]);
  const looking = dispatcher.poll();
  await expect.poll(() => looks).toBe(1);
  dispatcher.assigned('topic', [0]);
  await looking;
  await dispatcher.poll();
  expect(dispatcher.behind).toBe(0);
  await dispatcher.stop(0);
});
