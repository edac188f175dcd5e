/**
 * How many runs of a rule one window of time has had. A window is told by when an event was decided, which is stored, so
 * an event that comes again falls into the same one. A count never falls: what is held stays held within its window, also
 * after others were released.
 */
import { spanMilliseconds } from '../values/duration.ts';
import { describeSpan, type AdmissionCandidate } from './admission.ts';
import type { Denial } from '../runs/denial.ts';
import type { RunLimit } from '../rules/rule.ts';

export interface RunQuota {
  /** Runs that were let through. */
  count: number;
  /** Execution ids of those among them that may not have a record yet, oldest first. */
  counted: string[];
}

export const emptyRunQuota: RunQuota = { count: 0, counted: [] };

/** Ids remembered; more than twice as many are shortened to this. */
export const maxRememberedRuns = 256;

/** @returns the beginning of the window, ISO 8601 UTC */
export function quotaWindow({ per }: RunLimit, decidedAt: string): string {
  const span = spanMilliseconds({ ...per });
  return new Date(Math.floor(Date.parse(decidedAt) / span) * span).toISOString();
}

/** @returns the count with the run in it, the same object when it was counted before, or null when it is over the limit */
export function countRun(before: RunQuota, executionId: string, { count: most }: RunLimit): RunQuota | null {
  const { count, counted } = before;
  if (counted.includes(executionId)) return before;
  return count >= most ? null : { count: count + 1, counted: [...counted, executionId] };
}

/** @param isRecorded whether a run has its record: one that has is decided */
export function forgetCounted({ count, counted }: RunQuota, isRecorded: (run: string) => boolean): RunQuota {
  const old = counted.slice(0, -maxRememberedRuns).filter((run) => !isRecorded(run));
  return { count, counted: [...old, ...counted.slice(-maxRememberedRuns)] };
}

export function overLimit(held: AdmissionCandidate<RunLimit>): Denial {
  const { guard, decidedAt } = held;
  return {
    code: 'over_limit',
    params: { count: guard.count, per: { ...guard.per }, at: quotaWindow(guard, decidedAt) },
    note: `over the limit of ${limitText(held)}: waits until it is released`,
    earlierRun: null,
  };
}

/** e.g. `100 runs in 1 hour (from 2026-01-01T12:00:00.000Z on)` */
export function limitText({ guard, decidedAt }: Omit<AdmissionCandidate<RunLimit>, 'run'>): string {
  const runs = guard.count === 1 ? '1 run' : `${guard.count} runs`;
  return `${runs} in ${describeSpan(guard.per)} (from ${quotaWindow(guard, decidedAt)} on)`;
}
