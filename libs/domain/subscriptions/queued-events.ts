import type { PendingEvent } from './delivery.ts';

/** Adds events to those of a queue, each at its place; one that is there stays as it is. */
export function withEvents(queued: readonly PendingEvent[], events: readonly PendingEvent[]): PendingEvent[] {
  const byId = new Map([...events, ...queued].map((event) => [event.event_id, event]));
  return [...byId.values()].sort((a, b) => a.sequence - b.sequence);
}
