/**
 * Guards bound how often a rule runs. They are asked after an event is decided and before its runs are recorded, and
 * give the same answer however often they are asked about one run: an interrupted caller asks again.
 *
 * A rule that `re_enroll` keeps from running has matched all the same, so its `stop_after` holds.
 */
import type { ReEnroll, RunLimit, Span } from '../rules/rule.ts';
import type { RunInput } from '../runs/run.ts';
import type { Denial } from '../runs/denial.ts';

/** A run that waits for its guards' word, with those of its rule's version. */
export interface AdmissionCandidate<Guard> {
  run: RunInput;
  guard: Guard;
  /** ISO 8601 UTC */
  decidedAt: string;
}

/** Each method answers in the same way when it is asked again about a run that has no record yet. */
export interface AdmissionStore {
  /**
   * Re-enrolls customers, in the order given.
   * @returns why runs are skipped, by execution id; the others may run
   */
  reEnroll(runs: AdmissionCandidate<ReEnroll>[]): Promise<Map<string, Denial>>;
  /**
   * Counts runs, in the order given. Never ask about one that has a record: it would count again.
   * @returns why runs are held, by execution id; the others may run
   */
  count(runs: AdmissionCandidate<RunLimit>[]): Promise<Map<string, Denial>>;
}

/** e.g. `1 day`, `30 minutes` */
export function describeSpan({ value, unit }: Span): string {
  return value === 1 ? `1 ${unit.slice(0, -1)}` : `${value} ${unit}`;
}
