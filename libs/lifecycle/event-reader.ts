/**
 * Reads the lifecycle events that are kept, from any position on. Events of one run come in their order; those of
 * different runs nearly in that in which they happened.
 */
import { InvalidInputError } from '#libs/domain/errors/errors.ts';
import type {
  KeptEvent,
  KeptPartition,
  KeptTopic,
  LifecycleFilter,
  LifecycleLog,
} from '#libs/domain/runs/lifecycle-log.ts';
import { formatPosition, type Position } from './position.ts';

export interface PositionedEvent {
  /** Goes on behind this event. */
  position: Position;
  event: KeptEvent;
}

export interface EventPage {
  events: PositionedEvent[];
  /** Goes on behind what was read, which is more than `events` where a filter left some out. */
  next: Position;
  /** Nothing more is kept for now. */
  isAtEnd: boolean;
}

/** What lies between the position and the first event that is kept is gone, or the topic was made anew. */
export class PositionTooOldError extends Error {
  override name = 'PositionTooOldError';
  /** Of the first event that is kept. */
  readonly earliest: Position;

  constructor(earliest: Position) {
    super(
      `Events behind this position are kept no longer; the first that are kept lie behind ${formatPosition(earliest)}.`,
    );
    this.earliest = earliest;
  }
}

/** Offsets of a partition that are looked through at once: a filter that leaves nearly all of them out costs no more. */
const rangeLength = 1000;

export class EventReader {
  readonly #log: Pick<LifecycleLog, 'state' | 'read'>;

  constructor(log: Pick<LifecycleLog, 'state' | 'read'>) {
    this.#log = log;
  }

  /** The first event that is kept; null before anything was. */
  async earliest(): Promise<Position | null> {
    const topic = await this.#log.state();
    return topic && toEarliest(topic);
  }

  /** Behind the last event that is kept. */
  async latest(): Promise<Position | null> {
    const topic = await this.#log.state();
    return topic && { topicId: topic.topicId, next: topic.partitions.map(({ next }) => next) };
  }

  /** @throws InvalidInputError for a position behind the end; one that is too old passes */
  async check(position: Position): Promise<void> {
    const topic = await this.#log.state();
    if (topic !== null && topic.topicId === position.topicId) refuseBehindEnd(position, topic);
  }

  /**
   * @param after null = the first event that is kept
   * @param limit most events of the page
   * @returns null when nothing was ever kept
   * @throws PositionTooOldError, InvalidInputError for a position behind the end
   */
  async read(after: Position | null, filter: LifecycleFilter, limit: number): Promise<EventPage | null> {
    const topic = await this.#log.state();
    if (topic === null) return null;
    const from = after === null ? toEarliest(topic) : checked(after, topic);
    const ranges = topic.partitions.map(({ partition, next }) => {
      const start = from.next[partition] ?? 0;
      return { topicId: topic.topicId, partition, from: start, to: Math.min(next, start + rangeLength) };
    });
    const found = await Promise.all(
      ranges.map((range) => (range.from < range.to ? this.#log.read(range, filter, limit) : Promise.resolve([]))),
    );
    const merged = merge(found).slice(0, limit);
    const next = ranges.map(({ from: start }) => start);
    const events = merged.map((event): PositionedEvent => {
      next[event.partition] = event.offset + 1;
      return { event, position: { topicId: topic.topicId, next: [...next] } };
    });
    for (const [index, { partition, to }] of ranges.entries()) {
      const isRead = found[index]!.length < limit && found[index]!.every((event) => event.offset < next[partition]!);
      if (isRead) next[partition] = Math.max(next[partition]!, to);
    }
    const isAtEnd = topic.partitions.every(({ partition, next: end }) => next[partition]! >= end);
    return { events, next: { topicId: topic.topicId, next }, isAtEnd };
  }
}

function toEarliest({ topicId, partitions }: KeptTopic): Position {
  return { topicId, next: partitions.map(({ earliest }) => earliest) };
}

function checked(position: Position, topic: KeptTopic): Position {
  if (position.topicId !== topic.topicId) throw new PositionTooOldError(toEarliest(topic));
  refuseBehindEnd(position, topic);
  const isGone = ({ partition, earliest }: KeptPartition): boolean => (position.next[partition] ?? 0) < earliest;
  if (topic.partitions.some(isGone)) throw new PositionTooOldError(toEarliest(topic));
  return position;
}

function refuseBehindEnd(position: Position, topic: KeptTopic): void {
  const isBehind = position.next.some((offset, partition) => offset > (topic.partitions[partition]?.next ?? 0));
  if (!isBehind) return;
  const message = 'lies behind the last event';
  throw new InvalidInputError(`The position ${message}.`, [{ path: 'position', code: 'invalid_cursor', message }]);
}

/** By the time at which they happened, as far as the order of each partition allows. */
function merge(partitions: readonly KeptEvent[][]): KeptEvent[] {
  const heads = partitions.filter((events) => events.length > 0).map((events) => ({ events, at: 0 }));
  const merged: KeptEvent[] = [];
  while (heads.length > 0) {
    const first = heads.reduce((a, b) => (timeAt(b) < timeAt(a) ? b : a));
    merged.push(first.events[first.at]!);
    first.at += 1;
    if (first.at === first.events.length) heads.splice(heads.indexOf(first), 1);
  }
  return merged;
}

function timeAt({ events, at }: { events: KeptEvent[]; at: number }): number {
  return Date.parse(events[at]!.occurredAt);
}
