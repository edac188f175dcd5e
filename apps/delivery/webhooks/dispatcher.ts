/** Gives the events of each partition to the subscriptions they are for, and looks after those that do not keep up. */
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { unlessAborted } from '#libs/async/rejection.ts';
import type { RetryPolicy } from '#libs/async/retry.ts';
import { messageOf } from '#libs/domain/errors/errors.ts';
import type { KeptEvent, LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import {
  backlogId,
  type DeliveryAttempts,
  type DeliveryCursor,
  type DeliveryCursors,
  type DeliveryKey,
  type PendingDeliveries,
} from '#libs/domain/subscriptions/delivery.ts';
import { nextAttemptAt } from '#libs/domain/subscriptions/delivery-schedule.ts';
import { withEvents } from '#libs/domain/subscriptions/queued-events.ts';
import type { AttemptSlots, ReleaseSlot } from '#libs/subscriptions/attempt-slots.ts';
import type { SubscriptionHealth } from '#libs/subscriptions/subscription-health.ts';
import type { WebhookSender } from '#libs/subscriptions/webhook-sender.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { DeliveryMetrics } from '../delivery.metrics.ts';
import { createAttemptLog } from './attempt-log.ts';
import { Feed, type FeedPorts, type PartitionState } from './feed.ts';
import { FirstAttempts, type FirstAttemptPorts, type Recipient } from './first-attempts.ts';
import { Lane } from './lane.ts';
import { sendOrHold } from './patience.ts';
import type { SubscriptionCache } from './subscription-cache.ts';
import { WaitingRuns } from './waiting-runs.ts';

export interface DispatcherOptions {
  cache: SubscriptionCache;
  lifecycle: Pick<LifecycleLog, 'state' | 'read'>;
  attempts: Pick<DeliveryAttempts, 'add' | 'delivered'>;
  pending: Pick<PendingDeliveries, 'change' | 'push' | 'keysOfPartition'>;
  cursors: Omit<DeliveryCursors, 'add' | 'removeAll'>;
  sender: WebhookSender;
  /** Starts the workflow of a queue, or tells it when to look. A queue whose time has come is found without it, too. */
  wake(key: DeliveryKey, lookAt: string): Promise<void>;
  health: Pick<SubscriptionHealth, 'noteAttempt'>;
  retryPolicy: Pick<RetryPolicy, 'retryForever'>;
  /** Requests to one subscription at once. */
  concurrency: number;
  /** For each first attempt, in milliseconds. */
  timeoutMs: number;
  metrics: Pick<DeliveryMetrics, 'attempted'>;
  log: Logger;
}

interface OwnedPartition extends PartitionState {
  ending: AbortController;
  /** By the id of the cursor that they have, or would have. */
  feeds: Map<string, Feed>;
  /** Runs with events in a queue, or that had, by subscription. */
  waiting: WaitingRuns;
  ready: Promise<void>;
}

/** Requests that come of events that are sent together, at most: events times subscriptions. */
const sliceSize = 1_000;

export interface DispatchedChunk {
  partition: number;
  events: readonly KeptEvent[];
  /** First offset behind the chunk. */
  next: number;
}

export class Dispatcher implements AttemptSlots {
  readonly #options: DispatcherOptions;
  /** Of this process, among the owners of cursors. */
  readonly #owner = randomUUID();
  readonly #lanes = new Map<string, Lane>();
  readonly #partitions = new Map<number, OwnedPartition>();
  readonly #ending = new AbortController();
  readonly #record: FirstAttemptPorts['record'];
  #isStopping = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    // While the store is away, each event under way waits for it.
    setMaxListeners(0, this.#ending.signal);
    const add = createAttemptLog(options.attempts);
    this.#record = (attempt) => this.#store(() => add(attempt), this.#ending.signal);
  }

  /** From now on these are ours, and no others. */
  assigned(topicId: string, partitions: readonly number[]): void {
    // Another may have had one in between: nothing is taken over of what was known of it.
    for (const { ending } of this.#partitions.values()) ending.abort(new Error('the partitions were assigned anew'));
    this.#partitions.clear();
    for (const partition of partitions) this.#partitions.set(partition, this.#own(topicId, partition));
  }

  /** Before events are dispatched: each subscription that was made before they were published is known then. */
  async prepare(number: number, signal: AbortSignal): Promise<void> {
    const { ending } = this.#owned(number);
    const refreshed = this.#store(() => this.#options.cache.refresh(), ending.signal);
    await unlessAborted(refreshed, [signal, ending.signal]);
  }

  /** Resolves when each event is sent, in a queue, or behind a cursor, for each subscription. The events must be kept. */
  async dispatch({ partition: number, events, next }: DispatchedChunk, signal: AbortSignal): Promise<void> {
    const partition = this.#owned(number);
    await unlessAborted(this.#dispatch(partition, events, next), [signal, partition.ending.signal]);
  }

  /** To be called again and again: takes up what changed, and goes on with what lies behind. */
  async poll(): Promise<void> {
    const { cache, cursors } = this.#options;
    await cache.refresh();
    const stored = await cursors.all();
    for (const partition of this.#partitions.values()) {
      const { signal } = partition.ending;
      await partition.ready.catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      // Assigned anew meanwhile: that is no fault of the store, which the caller would wait for.
      if (signal.aborted) continue;
      await partition.waiting.prune(() => this.#options.pending.keysOfPartition(partition.partition));
      await this.#adopt(partition, stored);
      for (const feed of partition.feeds.values()) feed.work();
    }
    for (const [subscriptionId, lane] of this.#lanes) {
      lane.wake();
      if (cache.get(subscriptionId) === undefined) this.#lanes.delete(subscriptionId);
    }
  }

  /** Subscriptions and partitions that lie behind. */
  get behind(): number {
    const feeds = [...this.#partitions.values()].flatMap((partition) => [...partition.feeds.values()]);
    return feeds.filter(({ cursor }) => cursor !== null).length;
  }

  tryAcquire(subscriptionId: string): ReleaseSlot | null {
    return this.#lane(subscriptionId).tryAcquire();
  }

  /** Lets the attempts under way end for so long, in milliseconds. What was not sent is sent by the next owner. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    for (const lane of this.#lanes.values()) lane.wake();
    const feeds = [...this.#partitions.values()].flatMap((partition) => [...partition.feeds.values()]);
    const idle = Promise.all(feeds.map((feed) => feed.idle()));
    const pause = new AbortController();
    const patience = sleep(graceMs, undefined, { signal: pause.signal }).catch(() => undefined);
    await Promise.race([idle, patience]);
    pause.abort();
    const reason = new Error('the process ends');
    this.#ending.abort(reason);
    for (const { ending } of this.#partitions.values()) ending.abort(reason);
    await idle;
  }

  #owned(number: number): OwnedPartition {
    const partition = this.#partitions.get(number);
    if (partition === undefined) throw new Error(`partition ${number} is not ours`);
    return partition;
  }

  async #dispatch(partition: OwnedPartition, events: readonly KeptEvent[], next: number): Promise<void> {
    const { cache } = this.#options;
    await partition.ready;
    let left = events;
    while (left.length > 0) {
      const slice = left.slice(0, Math.max(1, Math.floor(sliceSize / Math.max(1, cache.size))));
      left = left.slice(slice.length);
      await this.#send(partition, slice, left[0]?.offset ?? next);
    }
    partition.next = Math.max(partition.next, next);
  }

  async #send(partition: OwnedPartition, events: readonly KeptEvent[], next: number): Promise<void> {
    const matches = [...this.#options.cache.match(events)];
    const taken = matches.flatMap(
      ({ subscription, events: matching }) =>
        this.#feed(partition, subscription.subscription_id).take(matching, next) ?? [],
    );
    // In the same turn: a feed that catches up looks how far the others are.
    partition.next = Math.max(partition.next, next);
    if (taken.length > 0) await sendOrHold(taken);
  }

  #own(topicId: string, partition: number): OwnedPartition {
    const ending = new AbortController();
    setMaxListeners(0, ending.signal);
    const owned = { topicId, partition, next: 0, ending, feeds: new Map(), waiting: new WaitingRuns() };
    const ready = this.#load(owned);
    ready.catch(() => undefined);
    return Object.assign(owned, { ready });
  }

  async #load(partition: Omit<OwnedPartition, 'ready'>): Promise<void> {
    const { cache, cursors, lifecycle, pending } = this.#options;
    const { signal } = partition.ending;
    await this.#store(async () => {
      await cache.refresh();
      const kept = await lifecycle.state();
      if (kept?.topicId === partition.topicId) partition.next = kept.partitions[partition.partition]?.next ?? 0;
      for (const key of await pending.keysOfPartition(partition.partition)) partition.waiting.add(key);
      await this.#adopt(partition, await cursors.all());
    }, signal);
  }

  /** Takes up the cursors that have no feed here, and lets go of feeds that have nothing to do any more. */
  async #adopt(partition: Omit<OwnedPartition, 'ready'>, stored: readonly DeliveryCursor[]): Promise<void> {
    const { cache, cursors } = this.#options;
    const { feeds } = partition;
    for (const [id, feed] of feeds) {
      if (feed.isLost || feed.isDone || cache.get(feed.subscriptionId) === undefined) feeds.delete(id);
    }
    for (const { owner, ...cursor } of stored) {
      const { cursor_id, subscription_id } = cursor;
      if (cursor.partition !== partition.partition || cache.get(subscription_id) === undefined) continue;
      const feed = feeds.get(cursor_id);
      if (feed === undefined) {
        if (await cursors.claim(cursor_id, this.#owner)) {
          feeds.set(cursor_id, this.#createFeed(partition, subscription_id, cursor));
        }
      } else if (feed.cursor === null && owner !== this.#owner && (await cursors.claim(cursor_id, this.#owner))) {
        // Of an owner before us, and too late: everything from there on came to us as well.
        await cursors.remove(cursor_id, this.#owner);
      }
    }
  }

  #feed(partition: OwnedPartition, subscriptionId: string): Feed {
    const id = backlogId(subscriptionId, partition.partition);
    const known = partition.feeds.get(id);
    if (known !== undefined) return known;
    const feed = this.#createFeed(partition, subscriptionId, null);
    partition.feeds.set(id, feed);
    return feed;
  }

  #createFeed(
    partition: Omit<OwnedPartition, 'ready'>,
    subscriptionId: string,
    cursor: Omit<DeliveryCursor, 'owner'> | null,
  ): Feed {
    const lane = this.#lane(subscriptionId);
    const recipient: Recipient = {
      lane,
      current: () => {
        const subscription = this.#options.cache.get(subscriptionId);
        if (subscription?.status !== 'active' || this.#isStopping) return null;
        if (subscription.not_before !== null) lane.restUntil(Date.parse(subscription.not_before));
        return subscription;
      },
    };
    const { signal } = partition.ending;
    return new Feed(subscriptionId, this.#feedPorts(partition), recipient, partition, signal, cursor);
  }

  #feedPorts(partition: Omit<OwnedPartition, 'ready'>): FeedPorts {
    const { attempts, cursors, lifecycle, log } = this.#options;
    const { signal } = partition.ending;
    const store = <T>(attempt: () => Promise<T>): Promise<T> => this.#store(attempt, signal);
    return {
      attempts: new FirstAttempts(this.#attemptPorts(partition)),
      read: (range, filter, limit) => store(() => lifecycle.read(range, filter, limit)),
      put: (cursor) => store(() => cursors.put({ ...cursor, owner: this.#owner })),
      move: (cursorId, next) => store(() => cursors.move(cursorId, this.#owner, next)),
      remove: (cursorId) => store(() => cursors.remove(cursorId, this.#owner)),
      delivered: (subscriptionId, events) =>
        store(() =>
          attempts.delivered(
            subscriptionId,
            events.map(({ eventId }) => eventId),
          ),
        ),
      report: (error) => log.error({ err: error, partition: partition.partition }, 'a subscription cannot catch up'),
    };
  }

  #attemptPorts({ partition, ending, waiting }: Omit<OwnedPartition, 'ready'>): FirstAttemptPorts {
    const { concurrency, health, metrics, pending, sender, timeoutMs } = this.#options;
    const store = <T>(attempt: () => Promise<T>): Promise<T> => this.#store(attempt, ending.signal);
    return {
      sender,
      timeoutMs,
      concurrency,
      record: this.#record,
      joinQueue: async (subscription_id, { executionId: execution_id, eventId: event_id, sequence }) => {
        const key = { subscription_id, execution_id };
        if (!waiting.has(key)) return false;
        const event = { event_id, sequence, since: new Date().toISOString(), attempts: 0 };
        const queue = await store(() =>
          pending.change(key, (stored) => ({ ...stored, events: withEvents(stored.events, [event]) })),
        );
        if (queue === null) waiting.delete(key);
        return queue !== null;
      },
      defer: async (subscription_id, { executionId: execution_id, eventId: event_id, sequence }, failed) => {
        const key = { subscription_id, execution_id };
        const nextAt = nextAttemptAt(1, Date.now(), failed.retryAfterMs);
        ending.signal.throwIfAborted();
        await store(() =>
          pending.push({ ...key, partition }, [{ event_id, sequence, since: failed.at, attempts: 1 }], nextAt),
        );
        waiting.add(key);
        await this.#wake(key, nextAt);
        return nextAt;
      },
      observe: async (subscription, event, outcome) => {
        metrics.attempted(outcome.isDelivered, Date.parse(outcome.at) - Date.parse(event.occurredAt));
        await store(() => health.noteAttempt(subscription, event, outcome));
      },
    };
  }

  async #wake(key: DeliveryKey, lookAt: string): Promise<void> {
    try {
      await this.#options.wake(key, lookAt);
    } catch (error) {
      this.#options.log.warn({ ...key, err: error }, `Temporal is not told of a queue: ${messageOf(error)}`);
    }
  }

  #lane(subscriptionId: string): Lane {
    const known = this.#lanes.get(subscriptionId);
    if (known !== undefined) return known;
    const lane = new Lane(this.#options.concurrency);
    this.#lanes.set(subscriptionId, lane);
    return lane;
  }

  #store<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#options.retryPolicy.retryForever('store', attempt, signal);
  }
}
