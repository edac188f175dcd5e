/**
 * Whether a subscription goes on, told by what comes of its attempts. Failures count only when they lie half a day apart:
 * so a bad hour with a thousand events is one failure, and days of them are needed before a subscription is disabled.
 */
import type { KeptEvent } from '../runs/lifecycle-log.ts';
import type { StoredSubscription } from './subscription.ts';

/** The event an attempt was about. */
export type AttemptedEvent = Pick<KeptEvent, 'eventId' | 'executionId' | 'processId'>;

export interface AttemptOutcome {
  isDelivered: boolean;
  /** HTTP status; null without an answer. */
  status: number | null;
  /** How long the receiver asked to be left alone, in milliseconds. */
  retryAfterMs: number | undefined;
}

/** What people are to be told; `percent` of the failures after which it is disabled. */
export type HealthNotice = { kind: 'failing'; percent: number } | { kind: 'disabled'; reason: 'gone' | 'failing' };

export interface HealthChange {
  next: StoredSubscription;
  notice: HealthNotice | null;
}

const hourMs = 3_600_000;
const failureEveryMs = 12 * hourMs;
const warnAtPercent = [50, 70, 90];
/** For a receiver that is asked too much (429) and does not say for how long. */
const usualRestMs = 30_000;
/** A rest that ends later by less than this is none to note: requests that were under way together are answered together. */
const sameRestMs = 1000;

/** How many failures in a row disable a subscription. */
export function failuresNeeded(failureHours: number): number {
  return Math.ceil((failureHours * hourMs) / failureEveryMs) + 1;
}

/**
 * @param now milliseconds since 1970
 * @returns what the subscription becomes; null = it stays as it is, as after most attempts
 */
export function afterAttempt(
  subscription: StoredSubscription,
  outcome: AttemptOutcome,
  now: number,
  failureHours: number,
): HealthChange | null {
  // What ends after a person has paused it, or it was disabled, changes nothing any more.
  if (subscription.status !== 'active') return null;
  if (outcome.isDelivered) return afterSuccess(subscription);
  if (outcome.status === 410) return disabled(subscription, 'gone', now);
  const rested = afterRest(subscription, outcome, now);
  const { failed_at } = subscription;
  if (failed_at !== null && now - Date.parse(failed_at) < failureEveryMs) {
    return rested === subscription ? null : { next: rested, notice: null };
  }
  return afterFailure(rested, now, failureHours);
}

function afterSuccess(subscription: StoredSubscription): HealthChange | null {
  if (subscription.failures === 0) return null;
  return { next: { ...subscription, failures: 0, failed_at: null }, notice: null };
}

function afterRest(
  subscription: StoredSubscription,
  { status, retryAfterMs }: AttemptOutcome,
  now: number,
): StoredSubscription {
  const restMs = retryAfterMs ?? (status === 429 ? usualRestMs : 0);
  const known = subscription.not_before === null ? 0 : Date.parse(subscription.not_before);
  if (restMs === 0 || now + restMs < known + sameRestMs) return subscription;
  return { ...subscription, not_before: new Date(now + restMs).toISOString() };
}

function afterFailure(subscription: StoredSubscription, now: number, failureHours: number): HealthChange {
  const needed = failuresNeeded(failureHours);
  const before = subscription.failures;
  const next = { ...subscription, failures: before + 1, failed_at: new Date(now).toISOString() };
  if (next.failures >= needed) return disabled(next, 'failing', now);
  const crossed = warnAtPercent.findLast((percent) => {
    const at = Math.ceil((needed * percent) / 100);
    return before < at && next.failures >= at;
  });
  return { next, notice: crossed === undefined ? null : { kind: 'failing', percent: crossed } };
}

function disabled(subscription: StoredSubscription, reason: 'gone' | 'failing', now: number): HealthChange {
  const updated_at = new Date(now).toISOString();
  return {
    next: { ...subscription, status: 'disabled', disabled_reason: reason, updated_at },
    notice: { kind: 'disabled', reason },
  };
}
