/** How long the events of a partition wait for subscriptions that are slower than the others. */
import type { Taken } from './feed.ts';

/** After so long without anything sent, the chunk waits no longer, in milliseconds. */
const idleMs = 500;
/** For so long those that are slower than the others are waited for, in milliseconds. */
const laggardMs = 200;
/** However much is sent, in milliseconds. */
const mostMs = 10_000;
const lookEveryMs = 25;

/**
 * Resolves when everything is sent, and when those that are left are slow. The process as a whole may be slow: then all
 * of them are, and a cursor for each would only make it worse.
 * @returns those that are slow
 */
export async function untilSlow(taken: readonly Taken[]): Promise<Set<Taken>> {
  const left = new Set(taken);
  const sent = Promise.all(taken.map((one) => one.sent.then(() => left.delete(one))));
  const began = performance.now();
  let [count, unsent, sentAt, finishedAt] = [left.size, countUnsent(left), began, Infinity];
  for (;;) {
    await within(lookEveryMs, sent);
    // Of what is sent, the store may not know yet: that is no fault of a receiver.
    for (const one of left) if (one.progress.unsent.size === 0) left.delete(one);
    const now = performance.now();
    if (left.size < count) finishedAt = now;
    const stillUnsent = countUnsent(left);
    if (stillUnsent < unsent) sentAt = now;
    [count, unsent] = [left.size, stillUnsent];
    const isSlow = now - sentAt > idleMs || now - finishedAt > laggardMs || now - began > mostMs;
    if (left.size === 0 || isSlow) return left;
  }
}

/** Resolves when everything is sent and the store knows it, but for what stands behind a cursor. */
export async function sendOrHold(taken: readonly Taken[]): Promise<void> {
  const slow = await untilSlow(taken);
  await Promise.all(taken.map((one) => (slow.has(one) ? one.hold() : one.sent)));
  // A subscription may have been paused meanwhile.
  await Promise.all(taken.filter((one) => !slow.has(one)).map((one) => one.hold()));
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const time = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  try {
    await Promise.race([work, time]);
  } finally {
    clearTimeout(timer);
  }
}

function countUnsent(taken: Iterable<Taken>): number {
  let sum = 0;
  for (const { progress } of taken) sum += progress.unsent.size;
  return sum;
}
