/** The subscriptions, as they stand in the store: read again when one of them has changed. */
import { SharedLook } from '#libs/async/shared-look.ts';
import type { KeptEvent } from '#libs/domain/runs/lifecycle-log.ts';
import {
  isSubscribedTo,
  type StoredSubscription,
  type Subscriptions,
} from '#libs/domain/subscriptions/subscription.ts';

export class SubscriptionCache {
  readonly #subscriptions: Pick<Subscriptions, 'revision' | 'all'>;
  #byId = new Map<string, StoredSubscription>();
  #revision: number | null = null;
  readonly #look = new SharedLook(() => this.#read());

  constructor(subscriptions: Pick<Subscriptions, 'revision' | 'all'>) {
    this.#subscriptions = subscriptions;
  }

  /** Resolves when everything is known that was stored before the call. Callers at the same time share one look. */
  refresh(): Promise<void> {
    return this.#look.refresh();
  }

  get size(): number {
    return this.#byId.size;
  }

  get(subscriptionId: string): StoredSubscription | undefined {
    return this.#byId.get(subscriptionId);
  }

  /** Each subscription that is for some of these events, whatever its status. */
  *match(events: readonly KeptEvent[]): Generator<{ subscription: StoredSubscription; events: KeptEvent[] }> {
    for (const subscription of this.#byId.values()) {
      const matching = events.filter((event) => isSubscribedTo(subscription, event));
      if (matching.length > 0) yield { subscription, events: matching };
    }
  }

  async #read(): Promise<void> {
    const revision = await this.#subscriptions.revision();
    if (revision === this.#revision) return;
    const all = await this.#subscriptions.all();
    this.#byId = new Map(all.map((subscription) => [subscription.subscription_id, subscription]));
    this.#revision = revision;
  }
}
