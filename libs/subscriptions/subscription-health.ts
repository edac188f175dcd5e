/** Applies what follows from attempts for the subscription as a whole, and lets people know of it once. */
import {
  afterAttempt,
  type AttemptedEvent,
  type AttemptOutcome,
  type HealthChange,
} from '#libs/domain/subscriptions/subscription-health.ts';
import type { StoredSubscription, Subscriptions } from '#libs/domain/subscriptions/subscription.ts';
import type { SubscriptionAlerts } from './subscription-alerts.ts';

export interface SubscriptionHealth {
  /** Whether the subscription is disabled by it, so that its events wait. */
  disables(subscription: StoredSubscription, outcome: AttemptOutcome): boolean;
  /**
   * Most attempts write nothing and ask nothing of the store.
   * @param subscription as it was read last; it may be a copy that is a second old
   */
  noteAttempt(subscription: StoredSubscription, event: AttemptedEvent, outcome: AttemptOutcome): Promise<void>;
}

export interface SubscriptionHealthOptions {
  subscriptions: Pick<Subscriptions, 'get' | 'change'>;
  alerts: Pick<SubscriptionAlerts, 'tell' | 'count'>;
  /** After so many hours of failures a subscription is disabled. */
  failureHours: number;
}

/**
 * A failure so soon after a success is none of the subscription as a whole, in milliseconds: of a receiver that fails
 * every second event, each event would be two writes otherwise.
 */
const steadyMs = 60_000;

/** What follows from an attempt. */
type Judge = (subscription: StoredSubscription) => HealthChange | null;

export function createSubscriptionHealth(options: SubscriptionHealthOptions): SubscriptionHealth {
  const { subscriptions, alerts, failureHours } = options;
  /** Of each subscription, when it took an event last. */
  const delivered = new Map<string, number>();
  const judge = (subscription: StoredSubscription, outcome: AttemptOutcome, now: number): HealthChange | null =>
    afterAttempt(subscription, outcome, now, failureHours);

  /**
   * A change that people are told of is told before it is made: a process may die in between, and the next failure then tells the same.
   * @returns false when the subscription has become another one meanwhile
   */
  async function apply(id: string, event: AttemptedEvent, judgeIt: Judge): Promise<boolean> {
    const stored = await subscriptions.get(id);
    const change = stored && judgeIt(stored);
    if (stored === null || change === null) return true;
    if (change.notice !== null) await alerts.tell(stored, change, event);
    let isMade = false;
    await subscriptions.change(id, (present) => {
      isMade = isSameState(present, stored);
      return isMade ? (judgeIt(present)?.next ?? null) : null;
    });
    if (isMade) alerts.count(stored, change);
    return isMade;
  }

  return {
    disables: (subscription, outcome) => judge(subscription, outcome, Date.now())?.next.status === 'disabled',

    async noteAttempt(subscription, event, outcome) {
      const now = Date.now();
      const id = subscription.subscription_id;
      if (outcome.isDelivered) delivered.set(id, now);
      const isSteady = now - (delivered.get(id) ?? -Infinity) < steadyMs;
      const judgeIt: Judge = (one) => {
        const change = judge(one, outcome, now);
        return change !== null && isSteady && isFirstFailure(one, change) ? null : change;
      };
      if (judgeIt(subscription) === null) return;
      while (!(await apply(id, event, judgeIt)));
    },
  };
}

/** One that changes nothing else: the subscription neither rests nor ends by it. */
function isFirstFailure(before: StoredSubscription, { next, notice }: HealthChange): boolean {
  return before.failures === 0 && next.failures === 1 && notice === null && next.not_before === before.not_before;
}

function isSameState(one: StoredSubscription, other: StoredSubscription): boolean {
  return (
    one.status === other.status &&
    one.failures === other.failures &&
    one.failed_at === other.failed_at &&
    one.updated_at === other.updated_at
  );
}
