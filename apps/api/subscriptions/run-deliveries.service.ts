/** What became of the lifecycle events of one run, for each subscription that is for them. */
import { mapLimited } from '#libs/async/map-limited.ts';
import type { KeptEvent, LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import type { DeliveryAttempts, PendingDeliveries } from '#libs/domain/subscriptions/delivery.ts';
import {
  isSubscribedTo,
  type StoredSubscription,
  type Subscriptions,
} from '#libs/domain/subscriptions/subscription.ts';
import { isWithin } from '#libs/subscriptions/subscription-access.ts';
import type { Session } from '../auth/authenticate.ts';
import type { RunDeliveryView } from './subscription.schema.ts';
import { toAttempt } from './subscriptions.service.ts';

export interface RunDeliveriesPorts {
  subscriptions: Pick<Subscriptions, 'all'>;
  attempts: Pick<DeliveryAttempts, 'list'>;
  pending: Pick<PendingDeliveries, 'get'>;
  lifecycle: Pick<LifecycleLog, 'ofRun'>;
}

/** A run that was paused often has many. */
const maxEvents = 50;
/** At one event, the latest ones. */
const maxAttempts = 20;

export class RunDeliveriesService {
  readonly #ports: RunDeliveriesPorts;

  constructor(ports: RunDeliveriesPorts) {
    this.#ports = ports;
  }

  /** Subscriptions without any attempt are listed, too, where an event of the run is for them. */
  async list({ brands }: Session, runId: string): Promise<RunDeliveryView[]> {
    const [events, all] = await Promise.all([
      this.#ports.lifecycle.ofRun(runId, 0, maxEvents),
      this.#ports.subscriptions.all(),
    ]);
    const concerned = all
      .filter((one) => isWithin(brands, one.brands))
      .map((one) => ({ subscription: one, events: events.filter((event) => isSubscribedTo(one, event)) }))
      .filter((one) => one.events.length > 0);
    return mapLimited(concerned, (one) => this.#view(runId, one.subscription, one.events));
  }

  async #view(runId: string, subscription: StoredSubscription, events: KeptEvent[]): Promise<RunDeliveryView> {
    const { subscription_id, name, status } = subscription;
    const pages = await Promise.all(
      events.map(({ eventId }) =>
        this.#ports.attempts.list({ subscription_id, event_id: eventId }, { limit: maxAttempts }),
      ),
    );
    const queue = await this.#ports.pending.get({ subscription_id, execution_id: runId });
    return {
      subscription_id,
      name,
      status,
      waiting: queue?.events.map(({ event_id }) => event_id) ?? [],
      next_at: queue?.next_at ?? null,
      attempts: pages.flatMap(({ items }) => items).map(toAttempt),
    };
  }
}
