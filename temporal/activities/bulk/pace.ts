/** Lets so many begin in a second, evenly, for all callers together. */
import { setTimeout as sleep } from 'node:timers/promises';

export type Pace = () => Promise<void>;

/** @returns a function that resolves when it is the caller's turn */
export function createPace(perSecond: number, now: () => number = () => performance.now()): Pace {
  let next = 0;
  return async () => {
    const at = Math.max(next, now());
    next = at + 1000 / perSecond;
    if (at > now()) await sleep(at - now());
  };
}
