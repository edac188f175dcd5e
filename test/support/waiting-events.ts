/** Events of runs that wait for subscriptions in a real store, and the means to see what becomes of them. */
import { Client, Connection } from '@temporalio/client';
import type { KeptEvent } from '#libs/domain/runs/lifecycle-log.ts';
import type {
  DeliveryAttempt,
  DeliveryKey,
  PendingDelivery,
  PendingEvent,
} from '#libs/domain/subscriptions/delivery.ts';
import type { StoredSubscription } from '#libs/domain/subscriptions/subscription.ts';
import { toCloudEvent } from '#libs/lifecycle/publisher.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createDeliveryAttempts } from '#libs/store/subscriptions/delivery-attempt.repository.ts';
import { createPendingDeliveries } from '#libs/store/subscriptions/pending-delivery.repository.ts';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import { wakeDelivery } from '#temporal/client/deliveries.ts';
import { deliveryWorkflowId } from '#temporal/contract/delivery.ts';
import { DeliveryWorld, eventsOf } from './delivery.ts';
import { until } from './ingress.ts';
import { servers, uniqueName } from './servers.ts';
import { subscriptionRecord } from './subscriptions.ts';

const topicId = 'kept-by-the-test';

export class WaitingEvents {
  readonly world: DeliveryWorld;
  readonly subscriptions;
  readonly pending;
  readonly attempts;
  readonly temporal: Client;
  readonly #connection: Connection;
  #offset = 0;

  private constructor(world: DeliveryWorld, connection: Connection) {
    this.world = world;
    this.subscriptions = createSubscriptions(world.store);
    this.pending = createPendingDeliveries(world.store);
    this.attempts = createDeliveryAttempts(world.store);
    this.#connection = connection;
    this.temporal = new Client({ connection });
  }

  static async create(): Promise<WaitingEvents> {
    const world = await DeliveryWorld.create();
    await ensureIndexes(world.store);
    return new WaitingEvents(world, await Connection.connect({ address: servers().temporal }));
  }

  async subscribe(given: Partial<StoredSubscription>): Promise<StoredSubscription> {
    const subscription = subscriptionRecord(given);
    await this.subscriptions.add(subscription, 1000);
    return subscription;
  }

  /** As a person changes it. */
  async edit({ subscription_id }: StoredSubscription, change: Partial<StoredSubscription>): Promise<void> {
    const updated_at = new Date().toISOString();
    await this.subscriptions.change(subscription_id, (stored) => ({ ...stored, ...change, updated_at }));
  }

  /** What a run told, kept as the delivery process keeps it. */
  async keep(pauses = 0, more: { processId?: string; tenantId?: string } = {}): Promise<KeptEvent[]> {
    const events = eventsOf(uniqueName('run'), pauses, more).map((draft): KeptEvent => {
      const { executionId, processId, tenantId, sequence, occurredAt, eventType: type } = draft;
      const event = toCloudEvent(draft);
      const place = { topicId, partition: 0, offset: (this.#offset += 1) };
      const names = { executionId, processId, tenantId, sequence, occurredAt, type };
      return { eventId: event.id, ...place, ...names, text: JSON.stringify(event) };
    });
    await this.world.log.add(events);
    return events;
  }

  /** Lets events of one run wait, and whoever sweeps find them. @param more of each of them */
  async queue(
    { subscription_id }: Pick<StoredSubscription, 'subscription_id'>,
    events: readonly KeptEvent[],
    more: Partial<PendingEvent> = {},
    nextAt = new Date().toISOString(),
  ): Promise<DeliveryKey> {
    const key = { subscription_id, execution_id: events[0]!.executionId };
    const since = new Date().toISOString();
    const waiting = events.map(({ eventId, sequence }) => ({
      event_id: eventId,
      sequence,
      since,
      attempts: 0,
      ...more,
    }));
    await this.pending.push({ ...key, partition: 0 }, waiting, nextAt);
    return key;
  }

  /** As a person does who wants it tried now. */
  async tryNow(key: DeliveryKey): Promise<void> {
    await this.pending.change(key, (stored) => ({ ...stored, next_at: new Date().toISOString() }));
  }

  wake(key: DeliveryKey): Promise<void> {
    return wakeDelivery(this.temporal.workflow, this.world.config.temporal.taskQueue, key);
  }

  /** Oldest first. */
  async attemptsAt(subscription: Pick<StoredSubscription, 'subscription_id'>): Promise<DeliveryAttempt[]> {
    const { subscription_id } = subscription;
    return (await this.attempts.list({ subscription_id }, { limit: 100 })).items.toReversed();
  }

  async untilEmpty(key: DeliveryKey, timeoutMs?: number): Promise<void> {
    await until('nothing waits any more', async () => (await this.pending.get(key)) === null, timeoutMs);
  }

  async untilQueue(
    key: DeliveryKey,
    what: string,
    isSo: (queue: PendingDelivery) => boolean,
  ): Promise<PendingDelivery> {
    let found: PendingDelivery | null = null;
    await until(what, async () => (found = await this.pending.get(key)) !== null && isSo(found));
    return found!;
  }

  /** The workflow of a queue has ended: it had nothing to wait for. */
  async untilEnded(key: DeliveryKey): Promise<void> {
    const handle = this.temporal.workflow.getHandle(deliveryWorkflowId(key));
    await until('the workflow has ended', async () => (await handle.describe()).status.name === 'COMPLETED');
  }

  async close(): Promise<void> {
    await this.#connection.close();
    await this.world.close();
  }
}
