/** Which offsets of the topic a redelivery goes through. */
import type { KeptPartition, KeptTopic, LifecycleLog, OffsetRange } from '#libs/domain/runs/lifecycle-log.ts';
import { EventReader, PositionTooOldError } from '#libs/lifecycle/event-reader.ts';
import { parsePosition, type Position } from '#libs/lifecycle/position.ts';

/** From a time or a position on. */
export interface EventRange {
  /** ISO 8601 UTC. */
  since?: string | undefined;
  /** Position as text: see position.ts. */
  after?: string | undefined;
  /** ISO 8601 UTC; left out: up to the last event that is kept now. */
  until?: string | undefined;
}

/**
 * Times are those at which events were kept: they follow the offsets, which the times at which events happened do not
 * when one was published late. An event is never kept before it happened, so none that happened since then is left out.
 * Clocks of processes differ: the range is longer by this on both sides, in milliseconds.
 */
const clockSkewMs = 60_000;

type Lifecycle = Pick<LifecycleLog, 'state' | 'read' | 'offsetAt'>;

/**
 * @returns one range for each partition that has something in it
 * @throws PositionTooOldError; InvalidInputError for a position that is none, or lies behind the end
 */
export async function resolveRange(lifecycle: Lifecycle, { since, after, until }: EventRange): Promise<OffsetRange[]> {
  const position = after === undefined ? null : parsePosition(after, 'after');
  if (position !== null) await new EventReader(lifecycle).check(position);
  const topic = await lifecycle.state();
  if (topic === null) return [];
  if (position !== null) refuseTooOld(position, topic);
  const ranges = await Promise.all(
    topic.partitions.map(async ({ partition, earliest, next }): Promise<OffsetRange> => {
      const whole = { topicId: topic.topicId, partition, from: earliest, to: next };
      const start = position?.next[partition] ?? earliest;
      return {
        ...whole,
        from: since === undefined ? start : await lifecycle.offsetAt(whole, shift(since, -clockSkewMs)),
        to: until === undefined ? next : await lifecycle.offsetAt(whole, shift(until, clockSkewMs)),
      };
    }),
  );
  return ranges.filter(({ from, to }) => from < to);
}

function shift(time: string, milliseconds: number): string {
  return new Date(Date.parse(time) + milliseconds).toISOString();
}

function refuseTooOld(position: Position, { topicId, partitions }: KeptTopic): void {
  const isGone = ({ partition, earliest }: KeptPartition): boolean => (position.next[partition] ?? earliest) < earliest;
  if (position.topicId !== topicId || partitions.some(isGone))
    throw new PositionTooOldError({ topicId, next: partitions.map(({ earliest }) => earliest) });
}
