/** When an event that could not be delivered is tried again, and until when. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Milliseconds after the first failure, the second one, and so on. */
const intervals = [5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute, hour, 2 * hour, 4 * hour];
const longestInterval = 8 * hour;

/** What failed together does not come back together: an interval is this part longer or shorter. */
const jitter = 0.2;

/**
 * How long to wait before the next attempt, in milliseconds.
 * @param attempts that have failed, the last one included: 1 or more
 * @param random from 0 up to 1
 */
export function retryDelayMs(attempts: number, random: number = Math.random()): number {
  const interval = intervals[attempts - 1] ?? longestInterval;
  return Math.round(interval * (1 - jitter + 2 * jitter * random));
}

/**
 * When the next attempt is made.
 * @param now milliseconds since 1970
 * @param retryAfterMs how long the receiver asked to be left alone
 * @returns ISO 8601 UTC
 */
export function nextAttemptAt(attempts: number, now: number, retryAfterMs = 0, random?: number): string {
  return new Date(now + Math.max(retryAfterMs, retryDelayMs(attempts, random))).toISOString();
}

/**
 * Whether an event is tried no more after an attempt that failed. The time for which it is tried begins anew when a person
 * changes the subscription: it may have been paused for longer.
 * @param since when the event was first tried, and @param changedAt when the subscription was changed last, ISO 8601 UTC
 * @param now milliseconds since 1970
 */
export function isGivenUp(since: string, changedAt: string, now: number, retryHours: number): boolean {
  return now - Math.max(Date.parse(since), Date.parse(changedAt)) >= retryHours * hour;
}
