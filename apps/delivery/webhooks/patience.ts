/** How long the events of a partition wait for subscriptions that are slower than the others. */
import type { Taken } from './feed.ts';

/** After so long without anything done, nobody is waited for, in milliseconds. */
const idleMs = 500;
/** For so long those that are slower than the others are waited for, in milliseconds. */
const laggardMs = 200;
/** However much is done, in milliseconds. */
const mostMs = 5_000;
const lookEveryMs = 25;

/**
 * Resolves when everything is sent, and when those that are left are slow: the process as a whole may be slow, and then
 * all of them are, which a cursor for each would only make worse.
 * @returns those that are left
 */
export async function untilSlow(taken: readonly Taken[]): Promise<Taken[]> {
  const sent = Promise.all(taken.map((one) => one.sent));
  const began = performance.now();
  let left = taken;
  let undone = count(left);
  let doneAt = began;
  let finishedAt = Infinity;
  for (;;) {
    const isOver = await within(lookEveryMs, sent);
    const now = performance.now();
    const stillLeft = left.filter((one) => one.undone.size > 0);
    if (stillLeft.length < left.length) finishedAt = now;
    left = stillLeft;
    const stillUndone = count(left);
    if (stillUndone < undone) doneAt = now;
    undone = stillUndone;
    const isSlow = now - doneAt > idleMs || now - finishedAt > laggardMs || now - began > mostMs;
    if (isOver || left.length === 0 || isSlow) return [...left];
  }
}

/** @returns whether it has resolved by then */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const time = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  try {
    return await Promise.race([work.then(() => true), time]);
  } finally {
    clearTimeout(timer);
  }
}

function count(taken: readonly Taken[]): number {
  return taken.reduce((sum, { undone }) => sum + undone.size, 0);
}
