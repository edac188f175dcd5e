/**
 * Wakes the workflow of each queue of waiting events whose time has come: a process may have died between
 * writing a queue and waking its workflow, a person may have asked for an event again, a subscription may be active again.
 * It also removes what is left of subscriptions that were deleted, and forgets old attempts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { mapLimited } from '#libs/async/map-limited.ts';
import type { RetryPolicy } from '#libs/async/retry.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type {
  DeliveryAttempts,
  DeliveryCursors,
  DeliveryKey,
  PendingDeliveries,
} from '#libs/domain/subscriptions/delivery.ts';
import { unparked } from '#libs/domain/subscriptions/delivery-queue.ts';
import type { StoredSubscription, Subscriptions } from '#libs/domain/subscriptions/subscription.ts';
import type { SubscriptionMetrics } from '#libs/subscriptions/subscription-metrics.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { deliveryWorkflowId } from '#temporal/contract/delivery.ts';
import { WokenQueues } from './woken-queues.ts';

export interface QueueSweeperOptions {
  subscriptions: Pick<Subscriptions, 'revision' | 'all'>;
  pending: Pick<PendingDeliveries, 'overdue' | 'parked' | 'change' | 'removeAll'>;
  cursors: Pick<DeliveryCursors, 'all' | 'removeAll'>;
  attempts: Pick<DeliveryAttempts, 'forget'>;
  /** Workflow ids of the queues that this process works on. Its activity looks at the queue once more when an attempt ends. */
  atWork: ReadonlySet<string>;
  /** Wakes the workflow of a queue. */
  wake: (key: DeliveryKey) => Promise<void>;
  metrics: Pick<SubscriptionMetrics, 'failing'>;
  retryPolicy: Pick<RetryPolicy, 'retryForever'>;
  log: Logger;
  /** How often subscriptions are looked at for changes, in milliseconds. */
  pollMs: number;
  /** How long attempts are kept, in days. */
  keepDays: number;
}

const sweepEveryMs = 1000;
/** A queue whose time came less than that ago is most likely woken by its own timer, in milliseconds. */
const overdueAfterMs = 1000;
const overdueLimit = 2000;
const batch = 100;
const lookThroughEveryMs = 60_000;
const dayMs = 24 * 60 * 60 * 1000;

export class QueueSweeper {
  readonly #options: QueueSweeperOptions;
  readonly #ending = new AbortController();
  readonly #woken = new WokenQueues();
  /** As they were seen last. */
  readonly #known = new Map<string, Pick<StoredSubscription, 'status' | 'updated_at'>>();
  /** Subscriptions whose parked queues are to be tried, and those of which nothing is to be left. */
  readonly #toUnpark = new Set<string>();
  readonly #toRemove = new Set<string>();
  #revision: number | null = null;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: QueueSweeperOptions) {
    this.#options = options;
  }

  start(): void {
    const { pollMs } = this.#options;
    this.#running = Promise.all([
      this.#repeat(sweepEveryMs, () => this.#wakeOverdue()),
      this.#repeat(pollMs, () => this.#followSubscriptions()),
      this.#repeat(lookThroughEveryMs, () => this.#lookThrough()),
    ]);
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #repeat(everyMs: number, work: () => Promise<void>): Promise<void> {
    const { signal } = this.#ending;
    const { retryPolicy, log } = this.#options;
    while (!signal.aborted) {
      try {
        await retryPolicy.retryForever('store', work, signal);
        await sleep(everyMs, undefined, { signal });
      } catch (error) {
        if (signal.aborted) return;
        log.error({ err: error }, 'queues of waiting events cannot be looked through; it is tried again');
        await sleep(everyMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #wakeOverdue(): Promise<void> {
    const now = Date.now();
    const before = new Date(now - overdueAfterMs).toISOString();
    const overdue = await this.#options.pending.overdue(before, overdueLimit);
    const idle = overdue.filter((queue) => !this.#options.atWork.has(deliveryWorkflowId(queue)));
    const due = this.#woken.unseen(idle, now);
    await mapLimited(due, async (queue) => {
      await this.#wake(queue);
      this.#woken.add(queue, now);
    });
  }

  /** One that Temporal will never take holds up no other. */
  async #wake(queue: DeliveryKey): Promise<void> {
    const { wake, retryPolicy, log } = this.#options;
    try {
      await retryPolicy.retryForever('Temporal', () => wake(queue), this.#ending.signal);
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      const { subscription_id: subscriptionId, execution_id: runId } = queue;
      log.error(
        { err: error, subscriptionId, runId },
        'the waiting events of a run for a subscription cannot be tried',
      );
    }
  }

  async #followSubscriptions(): Promise<void> {
    const { subscriptions } = this.#options;
    const revision = await subscriptions.revision();
    if (revision !== this.#revision) {
      this.#note(await subscriptions.all());
      this.#revision = revision;
    }
    await this.#unpark();
    await this.#remove();
  }

  #note(all: readonly StoredSubscription[]): void {
    for (const { subscription_id: id, status, updated_at } of all) {
      // It may have been paused and active again between two looks.
      const isSame = this.#known.get(id)?.status === 'active' && this.#known.get(id)?.updated_at === updated_at;
      if (status === 'active' && !isSame) this.#toUnpark.add(id);
      this.#known.set(id, { status, updated_at });
    }
    const present = new Set(all.map(({ subscription_id }) => subscription_id));
    for (const id of this.#known.keys()) {
      if (present.has(id)) continue;
      this.#known.delete(id);
      this.#toRemove.add(id);
    }
    const failing = all.filter(({ status, failures }) => status === 'active' && failures > 0);
    this.#options.metrics.failing.set(failing.length);
  }

  /** They are woken by the next sweep. */
  async #unpark(): Promise<void> {
    const { pending } = this.#options;
    for (const id of this.#toUnpark) {
      for (let found = batch; found === batch && this.#known.get(id)?.status === 'active';) {
        this.#ending.signal.throwIfAborted();
        const keys = await pending.parked(id, batch);
        const now = new Date().toISOString();
        await mapLimited(keys, (key) => pending.change(key, (stored) => unparked(stored, now)));
        found = keys.length;
      }
      this.#toUnpark.delete(id);
    }
  }

  async #remove(): Promise<void> {
    const { pending, cursors } = this.#options;
    for (const id of this.#toRemove) {
      while ((await pending.removeAll(id, batch)) > 0) this.#ending.signal.throwIfAborted();
      await cursors.removeAll(id);
      this.#toRemove.delete(id);
    }
  }

  /** What another process should have done and died before. */
  async #lookThrough(): Promise<void> {
    const { cursors, subscriptions, attempts, keepDays } = this.#options;
    // In this order: what stands at a cursor was there before the cursor.
    const found = await cursors.all();
    const all = await subscriptions.all();
    const present = new Set(all.map(({ subscription_id }) => subscription_id));
    for (const { subscription_id: id } of found) if (!present.has(id)) this.#toRemove.add(id);
    for (const { subscription_id: id, status } of all) if (status === 'active') this.#toUnpark.add(id);
    const before = new Date(Date.now() - keepDays * dayMs).toISOString();
    while (!this.#ending.signal.aborted && (await attempts.forget(before)) > 0);
  }
}
