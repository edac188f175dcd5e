/** Changes of a queue of waiting events. What came of an attempt is said of its event, wherever in the queue that is now. */
import type { PendingDelivery } from './delivery.ts';

/** The event is delivered or given up, and the next one is tried at once. @param now ISO 8601 UTC */
export function withoutEvent(queue: PendingDelivery, eventId: string, now: string): PendingDelivery {
  const events = queue.events.filter(({ event_id }) => event_id !== eventId);
  return events.length === queue.events.length ? queue : { ...queue, events, next_at: now };
}

/**
 * The event waits for its next attempt. One that came before it meanwhile keeps the time that it brought along, and so
 * does a time that was asked for meanwhile.
 * @param read the queue as it was before the attempt
 * @param nextAt ISO 8601 UTC; null = it waits for the subscription
 */
export function afterFailure(
  stored: PendingDelivery,
  read: PendingDelivery,
  eventId: string,
  nextAt: string | null,
): PendingDelivery {
  const events = stored.events.map((event) =>
    event.event_id === eventId ? { ...event, attempts: event.attempts + 1 } : event,
  );
  if (stored.events.every(({ event_id }) => event_id !== eventId)) return stored;
  if (nextAt === null) return { ...stored, events, next_at: null };
  const isFirst = stored.events[0]?.event_id === eventId;
  const isAskedFor = stored.next_at !== null && stored.next_at !== read.next_at && stored.next_at < nextAt;
  return { ...stored, events, next_at: isFirst && !isAskedFor ? nextAt : stored.next_at };
}

/** It waits for the subscription to be active again. */
export function parked(queue: PendingDelivery): PendingDelivery {
  return { ...queue, next_at: null };
}

/** The subscription is active again, and its events are tried at once. @param now ISO 8601 UTC */
export function unparked(queue: PendingDelivery, now: string): PendingDelivery {
  return queue.next_at === null ? { ...queue, next_at: now } : queue;
}

/** It is not tried before that time. @param until ISO 8601 UTC */
export function postponed(queue: PendingDelivery, until: string): PendingDelivery {
  return queue.next_at === null || queue.next_at >= until ? queue : { ...queue, next_at: until };
}

/** It is tried at once. @param now ISO 8601 UTC */
export function broughtForward(queue: PendingDelivery, now: string): PendingDelivery {
  return queue.next_at === null || queue.next_at <= now ? queue : { ...queue, next_at: now };
}
