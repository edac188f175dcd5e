/** Events that a subscription is sent again: one, or all of a range. */
import { randomUUID } from 'node:crypto';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import type { DeliveryCursor, DeliveryCursors, PendingDeliveries } from '#libs/domain/subscriptions/delivery.ts';
import {
  isSubscribedTo,
  type StoredSubscription,
  type Subscriptions,
} from '#libs/domain/subscriptions/subscription.ts';
import { isWithin, visibleSubscription, type Actor } from './subscription-access.ts';
import { buildNote } from './subscription-admin.ts';
import { resolveRange, type EventRange } from './redelivery-range.ts';

export interface RedeliveryPorts {
  subscriptions: Pick<Subscriptions, 'get'>;
  lifecycle: Pick<LifecycleLog, 'get' | 'state' | 'read' | 'offsetAt'>;
  pending: Pick<PendingDeliveries, 'push'>;
  cursors: Pick<DeliveryCursors, 'all' | 'add'>;
  audited: Audited;
}

export interface RangeRequest extends EventRange {
  /** Leaves out what the receiver has taken. */
  onlyFailed: boolean;
}

export interface StartedRedelivery {
  redelivery_id: string;
  /** Events of all subscriptions in the range: those it is not for are left out as it goes on. */
  range_size: number;
}

/** Of one subscription, at work at once. */
const maxRedeliveries = 10;

export class Redelivery {
  readonly #ports: RedeliveryPorts;

  constructor(ports: RedeliveryPorts) {
    this.#ports = ports;
  }

  /**
   * The event is tried at once. One that waits for its next attempt is not sent twice for it, and goes on being tried
   * should this attempt fail; what waits before it of the same run is tried first.
   * @throws PermanentError `subscription_not_found`, `subscription_not_active`, `event_not_kept`, `not_subscribed`
   */
  async resend(actor: Actor, id: string, eventId: string): Promise<void> {
    const subscription = await this.#active(actor, id);
    const event = await this.#ports.lifecycle.get(eventId);
    if (event === null || !isWithin(actor.brands, [event.tenantId]))
      throw new PermanentError('event_not_kept', 'Nothing is kept of such an event.');
    if (!isSubscribedTo(subscription, event)) throw notSubscribed();
    const { executionId: execution_id, partition, sequence } = event;
    const now = new Date().toISOString();
    const key = { subscription_id: id, execution_id, partition };
    await this.#ports.audited(buildNote('subscription.resend', actor, subscription, { event_id: eventId }), () =>
      this.#ports.pending.push(key, [{ event_id: eventId, sequence, since: now, attempts: 0 }], now),
    );
  }

  /**
   * Every event of the range that the subscription is for is sent again, in order, by the delivery processes.
   * @throws PermanentError `subscription_not_found`, `subscription_not_active`, `too_many_redeliveries`;
   *   PositionTooOldError; InvalidInputError for a wrong position
   */
  async redeliver(actor: Actor, id: string, { onlyFailed, ...range }: RangeRequest): Promise<StartedRedelivery> {
    const subscription = await this.#active(actor, id);
    await this.#refuseMany(id);
    const resolved = await resolveRange(this.#ports.lifecycle, range);
    const redelivery_id = randomUUID();
    const cursors = resolved.map(({ topicId, partition, from, to }): DeliveryCursor => ({
      cursor_id: `${redelivery_id}/${partition}`,
      subscription_id: id,
      topic_id: topicId,
      partition,
      next: from,
      until: to,
      redelivery_id,
      only_failed: onlyFailed,
      owner: null,
    }));
    const what = { redelivery_id, ...range, only_failed: onlyFailed };
    await this.#ports.audited(buildNote('subscription.redeliver', actor, subscription, what), () =>
      this.#ports.cursors.add(cursors),
    );
    return { redelivery_id, range_size: resolved.reduce((sum, { from, to }) => sum + to - from, 0) };
  }

  async #active(actor: Actor, id: string): Promise<StoredSubscription> {
    const subscription = await visibleSubscription(this.#ports.subscriptions, actor, id);
    const { status } = subscription;
    if (status === 'active') return subscription;
    const message = `The subscription is ${status}: resume it first. What it has missed is then sent by itself.`;
    throw new PermanentError('subscription_not_active', message);
  }

  async #refuseMany(id: string): Promise<void> {
    const own = (await this.#ports.cursors.all()).filter(({ subscription_id }) => subscription_id === id);
    const running = new Set(own.flatMap(({ redelivery_id }) => redelivery_id ?? []));
    if (running.size < maxRedeliveries) return;
    const message = `${running.size} redeliveries to this subscription are at work: wait for one of them to end.`;
    throw new PermanentError('too_many_redeliveries', message);
  }
}

function notSubscribed(): PermanentError {
  const message = 'The subscription is not for this event: see its types, rule_id and brands.';
  return new PermanentError('not_subscribed', message);
}
