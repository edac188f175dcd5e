/** An event of no run, by which a subscriber is tried. */
import { randomUUID } from 'node:crypto';
import type { Subscription } from '#libs/domain/subscriptions/subscription.ts';
import { toCloudEvent } from '#libs/lifecycle/publisher.ts';
import type { SentEvent } from './webhook-request.ts';

const processId = 'signalbox-test-rule';

/** Of a run `signalbox-test-rule:…`, whose id is another each time: a receiver that knows the last one takes it, too. */
export function buildTestEvent({ brands }: Pick<Subscription, 'brands'>, now: Date): SentEvent {
  const at = now.toISOString();
  const event = toCloudEvent({
    executionId: `${processId}:signalbox-test-${randomUUID()}`,
    processId,
    tenantId: brands?.[0] ?? 'default',
    occurredAt: at,
    sequence: 1,
    eventType: 'WorkflowCompleted',
    durationMs: 0,
    completedAt: at,
    status: 'success',
  });
  return { eventId: event.id, text: JSON.stringify(event) };
}
