/**
 * Re-enrollment: which runs of a rule one customer has had, as far as that decides about further ones.
 *
 * What counts is when the events happened (`occurredAt`), so the order in which they arrive does not: of one customer no
 * two events run that lie less than the rule's time apart, and a late event is held back by a younger one that ran.
 * Runs that failed, were held or discarded count: the rule has had its turn.
 */
import { spanMilliseconds } from '../values/duration.ts';
import { describeSpan } from './admission.ts';
import type { Denial } from '../runs/denial.ts';
import type { ReEnroll } from '../rules/rule.ts';
import type { RunInput } from '../runs/run.ts';

export interface ReEnrollmentResult {
  /** Execution id. */
  run: string;
  /** When its event happened, ISO 8601 UTC. */
  at: string;
}

export interface ReEnrollment {
  /** Oldest first. */
  reEnrolled: ReEnrollmentResult[];
  /** The latest time of those that are forgotten; null = all are known. */
  forgottenUntil: string | null;
}

export const emptyReEnrollment: ReEnrollment = { reEnrolled: [], forgottenUntil: null };

/** Remembered for each customer; more than twice as many are shortened to this. */
export const maxRememberedEnrollments = 64;

/** Whom a run is about: its customer, else its login, else its brand. */
export function reEnrollmentSubject({ customerId, login, context }: RunInput): string {
  if (customerId !== null) return `customer ${customerId}`;
  return login === null ? `brand ${context.brand ?? ''}`.trimEnd() : `login ${login}`;
}

/** @returns why the run is skipped, or what is remembered when it runs; the same object when it was enrolled before */
export function reEnroll(
  before: ReEnrollment,
  wish: ReEnrollmentResult,
  guard: ReEnroll,
): ReEnrollment | { denial: Denial } {
  const { reEnrolled, forgottenUntil } = before;
  const { run, at } = wish;
  if (reEnrolled.some((one) => one.run === run)) return before;
  const earlier = reEnrolled.find((one) => overlapsWindow(one.at, at, guard));
  if (earlier !== undefined) return { denial: toDenial(earlier, guard) };
  if (forgottenUntil !== null && (guard === 'once' || !isPast(forgottenUntil, at, guard))) {
    const note = `the event is older than what is remembered of this customer (${forgottenUntil})`;
    const params = { at: forgottenUntil };
    return { denial: { code: 'older_than_remembered', params, note, earlierRun: null } };
  }
  const all = [...reEnrolled, wish].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return { reEnrolled: all, forgottenUntil };
}

/** @param isRecorded whether a run has its record: one that has none may be asked about again and is kept */
export function forget(
  { reEnrolled, forgottenUntil }: ReEnrollment,
  isRecorded: (run: string) => boolean,
): ReEnrollment {
  const old = reEnrolled.slice(0, -maxRememberedEnrollments);
  const gone = old.filter(({ run }) => isRecorded(run));
  return {
    reEnrolled: [...old.filter(({ run }) => !isRecorded(run)), ...reEnrolled.slice(-maxRememberedEnrollments)],
    forgottenUntil: gone.at(-1)?.at ?? forgottenUntil,
  };
}

function overlapsWindow(one: string, other: string, guard: ReEnroll): boolean {
  return guard === 'once' || Math.abs(Date.parse(one) - Date.parse(other)) < spanMilliseconds({ ...guard });
}

function isPast(earlier: string, at: string, guard: Exclude<ReEnroll, 'once'>): boolean {
  return Date.parse(at) - Date.parse(earlier) >= spanMilliseconds({ ...guard });
}

function toDenial({ run, at }: ReEnrollmentResult, guard: ReEnroll): Denial {
  const first = `run ${run} of an event of ${at} came first`;
  if (guard === 'once') {
    const note = `the rule runs once for each customer: ${first}`;
    return { code: 'ran_once', params: { at }, note, earlierRun: run };
  }
  const note = `the rule runs once in ${describeSpan(guard)} for each customer: ${first}`;
  return { code: 'ran_lately', params: { per: { ...guard }, at }, note, earlierRun: run };
}
