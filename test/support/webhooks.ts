/** A delivery process with webhook subscriptions, which the tests make in the store. */
import { randomBytes } from 'node:crypto';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import type { LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import type { DeliveryAttempts, DeliveryCursors, PendingDeliveries } from '#libs/domain/subscriptions/delivery.ts';
import type { StoredSubscription, SubscriptionSecret, Subscriptions } from '#libs/domain/subscriptions/subscription.ts';
import type { LifecyclePublisher } from '#libs/lifecycle/publisher.ts';
import { createDeliveryAttempts } from '#libs/store/subscriptions/delivery-attempt.repository.ts';
import { createDeliveryCursors } from '#libs/store/subscriptions/delivery-cursor.repository.ts';
import { createPendingDeliveries } from '#libs/store/subscriptions/pending-delivery.repository.ts';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import { DeliveryWorld, type RunningDelivery } from './delivery.ts';
import { until, type Environment } from './ingress.ts';
import { servers, type Servers } from './servers.ts';
import { subscriptionRecord } from './subscriptions.ts';

export class WebhookWorld {
  readonly subscriptions: Subscriptions;
  readonly attempts: DeliveryAttempts;
  readonly pending: PendingDeliveries;
  readonly cursors: DeliveryCursors;
  readonly #world: DeliveryWorld;
  readonly #running: RunningDelivery[] = [];
  readonly #made: string[] = [];

  private constructor(world: DeliveryWorld) {
    this.#world = world;
    this.subscriptions = createSubscriptions(world.store);
    this.attempts = createDeliveryAttempts(world.store);
    this.pending = createPendingDeliveries(world.store);
    this.cursors = createDeliveryCursors(world.store);
  }

  /** @param at servers to use instead of those of the test run */
  static async create(at: Servers = servers()): Promise<WebhookWorld> {
    return new WebhookWorld(await DeliveryWorld.create(at));
  }

  get publisher(): LifecyclePublisher {
    return this.#world.publisher;
  }

  get storeUri(): string {
    return this.#world.config.store.uri;
  }

  get log(): LifecycleLog {
    return this.#world.log;
  }

  async start(more: Environment = {}): Promise<RunningDelivery> {
    const running = await this.#world.start({ WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', ...more });
    this.#running.push(running);
    return running;
  }

  secret(): SubscriptionSecret {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    return { secret, created_at: new Date().toISOString(), ends_at: null };
  }

  async subscribe(given: Partial<StoredSubscription>): Promise<StoredSubscription> {
    const subscription = subscriptionRecord(given);
    await this.subscriptions.add(subscription, 1_000);
    this.#made.push(subscription.subscription_id);
    return subscription;
  }

  async change({ subscription_id }: StoredSubscription, to: Partial<StoredSubscription>): Promise<void> {
    await this.subscriptions.change(subscription_id, (stored) => ({ ...stored, ...to }));
  }

  /** Resolves when the last of these events can be read. */
  async kept(drafts: LifecycleDraft[]): Promise<void> {
    const { executionId, sequence } = drafts.at(-1)!;
    await until('the events are kept', async () => (await this.log.ofRun(executionId, sequence, 1)).length === 1);
  }

  /** Ends the processes and removes the subscriptions of a test. */
  async stop(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((running) => running.close()));
    for (const id of this.#made.splice(0)) {
      await this.subscriptions.remove(id);
      await this.cursors.removeAll(id);
    }
  }

  close(): Promise<void> {
    return this.#world.close();
  }
}
