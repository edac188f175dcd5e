import type { DeliveryAttempt, PendingEvent } from '#libs/domain/subscriptions/delivery.ts';
import type { StoredSubscription } from '#libs/domain/subscriptions/subscription.ts';
import { uniqueName } from './servers.ts';

/** An active subscription to everything. */
export function subscriptionRecord(given: Partial<StoredSubscription> = {}): StoredSubscription {
  const at = '2026-01-02T03:04:05.000Z';
  return {
    subscription_id: uniqueName('subscription'),
    name: 'billing',
    url: 'https://receiver.example/hooks',
    types: null,
    rule_id: null,
    brands: null,
    format: 'cloudevents',
    status: 'active',
    disabled_reason: null,
    created_at: at,
    created_by: 'ada',
    updated_at: at,
    failures: 0,
    failed_at: null,
    not_before: null,
    secrets: [{ secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`, created_at: at, ends_at: null }],
    rotated_at: [],
    ...given,
  };
}

export function deliveryAttempt(given: Partial<DeliveryAttempt> = {}): DeliveryAttempt {
  return {
    attempt_id: uniqueName('attempt'),
    subscription_id: 'billing',
    event_id: uniqueName('event'),
    execution_id: 'rule-1:event-1',
    sequence: 0,
    type: 'WorkflowStarted',
    at: '2026-01-02T03:04:05.000Z',
    number: 1,
    outcome: 'delivered',
    status: 200,
    error: null,
    excerpt: '',
    duration_ms: 12,
    next_at: null,
    ...given,
  };
}

export function pendingEvent(sequence: number, given: Partial<PendingEvent> = {}): PendingEvent {
  return { event_id: `event-${sequence}`, sequence, since: '2026-01-02T03:04:05.000Z', attempts: 1, ...given };
}
