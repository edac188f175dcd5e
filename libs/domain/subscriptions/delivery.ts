/**
 * What becomes of an event for one subscription. Most are delivered by the first attempt. One that fails waits in the
 * queue of its run (`PendingDelivery`), which a durable workflow works off. What a subscription cannot take now as a
 * whole, since it is paused, away or slow, stays where it is kept, behind a `DeliveryCursor`.
 */
import type { LifecycleType } from '../runs/lifecycle-log.ts';

/** One request to a subscription, and what came of it. */
export interface DeliveryAttempt {
  attempt_id: string;
  subscription_id: string;
  event_id: string;
  execution_id: string;
  sequence: number;
  type: LifecycleType;
  /** ISO 8601 UTC. */
  at: string;
  /** 1 for the first attempt at this event. */
  number: number;
  outcome: 'delivered' | 'failed';
  /** HTTP status; null without an answer. */
  status: number | null;
  /** What went wrong, masked; null for a success. */
  error: string | null;
  /** The beginning of the answer, masked. */
  excerpt: string;
  duration_ms: number;
  /** When the next attempt follows; null = none is to. */
  next_at: string | null;
}

export interface AttemptFilter {
  subscription_id: string;
  event_id?: string;
  execution_id?: string;
  outcome?: DeliveryAttempt['outcome'];
}

export interface DeliveryAttempts {
  add(attempts: readonly DeliveryAttempt[]): Promise<void>;
  /** Newest first. @param cursor of the page before. @throws InvalidInputError for a wrong cursor */
  list(
    filter: AttemptFilter,
    page: { cursor?: string; limit?: number },
  ): Promise<{ items: DeliveryAttempt[]; nextCursor: string | null }>;
  /** Which of these events the subscription has taken. */
  delivered(subscriptionId: string, eventIds: readonly string[]): Promise<Set<string>>;
  /** Forgets some of those made before this time (ISO 8601 UTC). @returns how many */
  forget(before: string): Promise<number>;
}

export interface PendingEvent {
  event_id: string;
  sequence: number;
  /** Since when it is tried, ISO 8601 UTC. */
  since: string;
  /** Attempts that have failed. */
  attempts: number;
}

/** The events of one run that wait for one subscription. */
export interface PendingDelivery {
  subscription_id: string;
  execution_id: string;
  /** Partition of the topic on which the run's events are. */
  partition: number;
  /** In the order of their sequence; never empty. */
  events: PendingEvent[];
  /** When the first of them is tried again, ISO 8601 UTC; null while the subscription is paused or disabled. */
  next_at: string | null;
}

export type DeliveryKey = Pick<PendingDelivery, 'subscription_id' | 'execution_id'>;

export interface PendingDeliveries {
  get(key: DeliveryKey): Promise<PendingDelivery | null>;
  /**
   * Puts events into the queue of their run, each at its place; one that is in it stays as it is.
   * @param nextAt when to try, for a queue that is made by this; one that exists keeps its time unless this is sooner
   */
  push(key: DeliveryKey & { partition: number }, events: readonly PendingEvent[], nextAt: string): Promise<void>;
  /**
   * Optimistic: `change` is called again when another change came first.
   * @param change pure; a queue without events is removed
   * @returns what is stored now; null where there is none
   */
  change(key: DeliveryKey, change: (stored: PendingDelivery) => PendingDelivery): Promise<PendingDelivery | null>;
  /** All queues of the runs on a partition. */
  keysOfPartition(partition: number): Promise<DeliveryKey[]>;
  /** Queues of a subscription, those tried next first; those that wait for the subscription come last. */
  list(
    subscriptionId: string,
    page: { cursor?: string; limit?: number },
  ): Promise<{ items: PendingDelivery[]; nextCursor: string | null }>;
  /** Queues whose time came before this (ISO 8601 UTC), the longest ago first. */
  overdue(before: string, limit: number): Promise<(DeliveryKey & Pick<PendingDelivery, 'next_at'>)[]>;
  /** Queues that wait for the subscription to be active again. */
  parked(subscriptionId: string, limit: number): Promise<DeliveryKey[]>;
  /** Of a subscription that was deleted. @returns how many were removed: call it again until there is none */
  removeAll(subscriptionId: string, limit: number): Promise<number>;
}

/**
 * From where on a subscription is sent the events of a partition out of the store, because it could not take them when
 * they came (`redelivery_id` null), or because a person asked for them again. Without one, events are sent as they come.
 */
export interface DeliveryCursor {
  cursor_id: string;
  subscription_id: string;
  topic_id: string;
  partition: number;
  /** First offset that is not sent yet. */
  next: number;
  /** First offset behind the range of a redelivery; null = up to those that are sent as they come. */
  until: number | null;
  redelivery_id: string | null;
  /** Whether a redelivery leaves out what the subscription has taken. */
  only_failed: boolean;
  /** Process that works on it; null = none yet. */
  owner: string | null;
}

export interface DeliveryCursors {
  all(): Promise<DeliveryCursor[]>;
  /** Makes it, or puts it over the one of this id. */
  put(cursor: DeliveryCursor): Promise<void>;
  /** Made by a person: one of this id stays as it is. */
  add(cursors: readonly DeliveryCursor[]): Promise<void>;
  /** From now on the owner alone moves and removes it. @returns false where there is none */
  claim(cursorId: string, owner: string): Promise<boolean>;
  /** @returns false when it is another's, or gone */
  move(cursorId: string, owner: string, next: number): Promise<boolean>;
  remove(cursorId: string, owner: string): Promise<void>;
  /** Of a subscription that was deleted. */
  removeAll(subscriptionId: string): Promise<void>;
}

/** The cursor of what a subscription has not yet been sent of a partition. */
export function backlogId(subscriptionId: string, partition: number): string {
  return `${subscriptionId}/${partition}`;
}
