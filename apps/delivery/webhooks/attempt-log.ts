/** Attempts on their way into the store, several with one request. */
import { createBatcher } from '#libs/async/batcher.ts';
import type { DeliveryAttempt, DeliveryAttempts } from '#libs/domain/subscriptions/delivery.ts';

const batching = { requests: 1, items: 100 };

/** @returns records an attempt; rejects as the store does */
export function createAttemptLog(attempts: Pick<DeliveryAttempts, 'add'>): (attempt: DeliveryAttempt) => Promise<void> {
  return createBatcher(async (made: DeliveryAttempt[]) => {
    await attempts.add(made);
    return made.map(() => undefined);
  }, batching);
}
