/**
 * Works off the queue of events of a run that wait for a subscription: the first one is sent, and only once it is
 * delivered or given up, the next. What came of an attempt is recorded before the queue is changed. A process that dies
 * in between sends the same event again, under the same `webhook-id`.
 */
import { randomUUID } from 'node:crypto';
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { mapLimited } from '#libs/async/map-limited.ts';
import type { KeptEvent, LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import type {
  DeliveryAttempt,
  DeliveryAttempts,
  DeliveryKey,
  PendingDeliveries,
  PendingDelivery,
  PendingEvent,
} from '#libs/domain/subscriptions/delivery.ts';
import {
  afterFailure,
  broughtForward,
  parked,
  postponed,
  withoutEvent,
} from '#libs/domain/subscriptions/delivery-queue.ts';
import { isGivenUp, nextAttemptAt } from '#libs/domain/subscriptions/delivery-schedule.ts';
import {
  isSubscribedTo,
  type StoredSubscription,
  type Subscriptions,
} from '#libs/domain/subscriptions/subscription.ts';
import type { AttemptSlots } from '#libs/subscriptions/attempt-slots.ts';
import type { SubscriptionHealth } from '#libs/subscriptions/subscription-health.ts';
import type { SendOutcome, WebhookSender } from '#libs/subscriptions/webhook-sender.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { deliveryWorkflowId, type DeliveryActivities } from '#temporal/contract/delivery.ts';
import { withFailureMapping } from '../failure.ts';
import { AttemptTurns } from './attempt-turns.ts';

export interface AttemptDeliveryPorts {
  subscriptions: Pick<Subscriptions, 'get'>;
  pending: Pick<PendingDeliveries, 'get' | 'change'>;
  attempts: Pick<DeliveryAttempts, 'add' | 'list'>;
  lifecycle: Pick<LifecycleLog, 'get'>;
  sender: WebhookSender;
  slots: AttemptSlots;
  health: SubscriptionHealth;
  limits: {
    /** Requests to one subscription at once. */
    concurrency: number;
    /** How long one attempt may take, in milliseconds. */
    attemptMs: number;
    /** How long an event is tried. */
    retryHours: number;
  };
  /** Workflow ids of the queues that this process works on. */
  atWork: Set<string>;
  /** Told of each event that will never be delivered. */
  lost: (why: 'given_up' | 'forgotten') => void;
  log: Pick<Logger, 'warn'>;
}

/** After so long no further event is begun in the same activity, in milliseconds. */
const budgetMs = 5_000;
const heartbeatEveryMs = 5_000;
/** So that the queues of a subscription that had to rest do not all come back at once, in milliseconds. */
const afterRestMs = 3_000;

/** For the workers of `deliveryTaskQueue`. */
export function createDeliveryActivities(ports: AttemptDeliveryPorts): DeliveryActivities {
  const queues = new QueueWork(ports);
  return {
    attemptDelivery: withFailureMapping(async (input) => {
      const signal = cancellationSignal();
      const id = deliveryWorkflowId(input);
      ports.atWork.add(id);
      const beating = setInterval(() => heartbeat(), heartbeatEveryMs);
      try {
        return await queues.workOff(input, signal);
      } finally {
        clearInterval(beating);
        ports.atWork.delete(id);
      }
    }),
  };
}

/** What a look at a queue came to: milliseconds until the next one, null when there is nothing to wait for. */
type Step = number | null | 'next';

class QueueWork {
  readonly #ports: AttemptDeliveryPorts;
  readonly #turns: AttemptTurns;

  constructor(ports: AttemptDeliveryPorts) {
    this.#ports = ports;
    this.#turns = new AttemptTurns(ports.limits.concurrency);
  }

  async workOff(key: DeliveryKey, signal: AbortSignal): Promise<number | null> {
    const until = Date.now() + budgetMs;
    for (;;) {
      const step = await this.#look(key, signal);
      if (step !== 'next') return step;
      if (Date.now() >= until || signal.aborted) return 0;
    }
  }

  async #look(key: DeliveryKey, signal: AbortSignal): Promise<Step> {
    const queue = await this.#ports.pending.get(key);
    const first = queue?.events[0];
    if (queue === null || first === undefined) return null;
    const subscription = await this.#ports.subscriptions.get(key.subscription_id);
    if (subscription === null) return this.#remove(key);
    if (subscription.status !== 'active') return this.#park(key);
    return (await this.#rest(queue, subscription)) ?? this.#inTurn(queue, first, subscription, signal);
  }

  async #remove(key: DeliveryKey): Promise<null> {
    await this.#ports.pending.change(key, (stored) => ({ ...stored, events: [] }));
    return null;
  }

  /** One that has become active before its queue was parked has been looked through for parked queues already. */
  async #park(key: DeliveryKey): Promise<Step> {
    await this.#ports.pending.change(key, parked);
    const subscription = await this.#ports.subscriptions.get(key.subscription_id);
    return subscription?.status === 'active' ? 'next' : null;
  }

  /** @returns how long it is not time yet, in milliseconds; null when it is */
  async #rest(queue: PendingDelivery, { not_before }: StoredSubscription): Promise<number | null> {
    const now = Date.now();
    const dueMs = queue.next_at === null ? 0 : Date.parse(queue.next_at) - now;
    if (dueMs > 0) return dueMs;
    const restMs = not_before === null ? 0 : Date.parse(not_before) - now;
    return restMs > 0 ? this.#postpone(queue, restMs + Math.random() * afterRestMs) : null;
  }

  async #postpone(queue: PendingDelivery, waitMs: number): Promise<number> {
    const until = new Date(Date.now() + waitMs).toISOString();
    await this.#ports.pending.change(queue, (stored) => postponed(stored, until));
    return Math.ceil(waitMs);
  }

  async #inTurn(
    queue: PendingDelivery,
    first: PendingEvent,
    subscription: StoredSubscription,
    signal: AbortSignal,
  ): Promise<Step> {
    const { subscription_id } = queue;
    const release = this.#ports.slots.tryAcquire(subscription_id);
    if (release === null) return this.#postpone(queue, this.#turns.draw(queue, Date.now()));
    this.#turns.took(queue);
    let outcome: SendOutcome | undefined;
    try {
      const event = await this.#ports.lifecycle.get(first.event_id);
      if (event === null) await this.#forget(queue, first);
      else if (!isSubscribedTo(subscription, event)) await this.#takeOff(queue, first);
      else outcome = await this.#attempt(queue, first, subscription, event, signal);
    } finally {
      release(outcome);
    }
    if (outcome !== undefined) await this.#callOthers(subscription_id, outcome);
    return 'next';
  }

  /** Those that had no slot while the receiver was slow or away; the sweeper wakes them. */
  async #callOthers(subscriptionId: string, { durationMs, isDelivered }: SendOutcome): Promise<void> {
    const called = this.#turns.ended(subscriptionId, durationMs, isDelivered);
    const now = new Date().toISOString();
    await mapLimited(called, (key) => this.#ports.pending.change(key, (stored) => broughtForward(stored, now)));
  }

  async #takeOff(queue: PendingDelivery, { event_id }: PendingEvent): Promise<void> {
    await this.#ports.pending.change(queue, (stored) => withoutEvent(stored, event_id, new Date().toISOString()));
  }

  async #attempt(
    queue: PendingDelivery,
    first: PendingEvent,
    subscription: StoredSubscription,
    event: KeptEvent,
    signal: AbortSignal,
  ): Promise<SendOutcome> {
    const { sender, attempts, pending, health, limits } = this.#ports;
    const outcome = await sender.send(subscription, event, limits.attemptMs, signal);
    const isOver =
      outcome.isDelivered || isGivenUp(first.since, subscription.updated_at, Date.now(), limits.retryHours);
    const nextAt = isOver || health.disables(subscription, outcome) ? null : nextAttempt(first, outcome);
    await attempts.add([toAttempt(queue, first, event.type, outcome, nextAt)]);
    if (!isOver) await pending.change(queue, (stored) => afterFailure(stored, queue, first.event_id, nextAt));
    else await this.#takeOff(queue, first);
    if (isOver && !outcome.isDelivered) this.#lose('given_up', queue, first, outcome.error);
    await health.noteAttempt(subscription, event, outcome);
    return outcome;
  }

  /** It was kept for as long as `LIFECYCLE_EVENT_DAYS`, while its subscription was paused, say. */
  async #forget(queue: PendingDelivery, first: PendingEvent): Promise<void> {
    const { subscription_id } = queue;
    const { event_id } = first;
    const error = 'Not sent: the event is no longer kept (LIFECYCLE_EVENT_DAYS)';
    const { items } = await this.#ports.attempts.list({ subscription_id, event_id }, { limit: 1 });
    // Of one that was never tried, nothing tells the type any more but its place.
    const type = items[0]?.type ?? (first.sequence === 0 ? 'WorkflowStarted' : null);
    const outcome = {
      isDelivered: false,
      at: new Date().toISOString(),
      durationMs: 0,
      status: null,
      error,
      excerpt: '',
    };
    if (type !== null) await this.#ports.attempts.add([toAttempt(queue, first, type, outcome, null)]);
    await this.#takeOff(queue, first);
    this.#lose('forgotten', queue, first, error);
  }

  #lose(why: 'given_up' | 'forgotten', queue: DeliveryKey, event: PendingEvent, error: string | null): void {
    this.#ports.lost(why);
    const { subscription_id: subscriptionId, execution_id: runId } = queue;
    const fields = {
      subscriptionId,
      runId,
      eventId: event.event_id,
      since: event.since,
      attempts: event.attempts,
      error,
    };
    this.#ports.log.warn(fields, 'an event could not be delivered to a subscription and is tried no more');
  }
}

function nextAttempt({ attempts }: PendingEvent, { retryAfterMs }: SendOutcome): string {
  return nextAttemptAt(attempts + 1, Date.now(), retryAfterMs);
}

function toAttempt(
  { subscription_id, execution_id }: DeliveryKey,
  { event_id, sequence, attempts }: PendingEvent,
  type: DeliveryAttempt['type'],
  outcome: Omit<SendOutcome, 'retryAfterMs'>,
  next_at: string | null,
): DeliveryAttempt {
  const { isDelivered, at, status, error, excerpt, durationMs } = outcome;
  return {
    attempt_id: randomUUID(),
    subscription_id,
    event_id,
    execution_id,
    sequence,
    type,
    at,
    number: attempts + 1,
    outcome: isDelivered ? 'delivered' : 'failed',
    status,
    error,
    excerpt,
    duration_ms: durationMs,
    next_at,
  };
}
