/**
 * Tells messages that still have to be processed from those that have been: by an earlier delivery, before a replay of
 * the topic, or by another consumer group. See `libs/domain/events/watermark.ts`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PartitionId, RunLedger } from '#libs/domain/runs/run-ledger.ts';
import {
  firstReopened,
  isProcessed,
  isOpen,
  withProcessedUpTo,
  withProcessed,
  type OffsetRange,
  type Watermark,
} from '#libs/domain/events/watermark.ts';
import type { Chunk } from '#libs/kafka/chunk.ts';
import type { ConsumedMessage } from '#libs/kafka/message.ts';
import { SeekPartition } from '#libs/kafka/seek-partition.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

type Marks = Pick<RunLedger, 'watermark' | 'saveWatermark' | 'hasFormerTopic' | 'reopened'>;

/** The Kafka cluster, once it has been reached. */
interface Cluster {
  readonly id: string;
  topicId(topic: string): string | null;
}

interface Held {
  id: PartitionId;
  watermark: Watermark | null;
  /** Of the stored watermark; null: there is none. */
  revision: number | null;
  /** Where the next chunk begins unless the offset of the group was reset; null: none has been processed yet. */
  position: bigint | null;
  /** Processed and not stored yet, in the order in which it was. */
  processed: OffsetRange[];
  /** Resolves when the last change under way is stored or has failed. */
  saving: Promise<void>;
  /** Whether it has been logged that messages are skipped. */
  announced: boolean;
  /** Whether it is known that there was a topic of the same name before, or none. */
  compared: boolean;
}

export class PartitionWatermarks {
  readonly #marks: Marks;
  readonly #cluster: Cluster;
  readonly #log: Logger;
  /** Partitions of this member; other members move the watermarks of theirs. */
  readonly #held = new Map<string, Promise<Held>>();
  #assignment: { topic: string; partition: number }[] = [];
  /** Where partitions are being read again since they were assigned, because an operator wants it. */
  readonly #sought = new Map<string, bigint>();

  constructor(marks: Marks, cluster: Cluster, log: Logger) {
    this.#marks = marks;
    this.#cluster = cluster;
    this.#log = log;
  }

  /** Call at each assignment: another member may have carried on with any of our partitions. */
  assigned(assignment: Readonly<Record<string, number[]>>): void {
    this.#held.clear();
    this.#sought.clear();
    this.#assignment = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    );
  }

  /**
   * The messages of the chunk that are not known to be processed.
   * @throws SeekPartition when the consumer's offset belongs to a topic that was made anew since
   */
  async newMessages(chunk: Chunk): Promise<ConsumedMessage[]> {
    const { topic, partition, messages, first } = chunk;
    let held = await this.#load(topic, partition);
    if (held.position !== null && held.position !== first) {
      // The offset of the group was reset.
      this.#held.delete(toKey(chunk));
      held = await this.#load(topic, partition);
    }
    if (held.watermark === null && first > 0n && (await this.#marks.hasFormerTopic(held.id))) {
      throw new SeekPartition(0n, 'the committed offset belongs to a topic of the same name that is gone');
    }
    const { watermark } = held;
    const isNew = watermark === null || first >= watermark.next;
    const open = isNew ? messages : messages.filter(({ offset }) => isOpen(watermark, BigInt(offset)));
    this.#report(held, chunk, open.length < messages.length);
    return open;
  }

  /** Tells of each message of the chunk whether its event was decided at an earlier delivery, if only to match nothing. */
  async decidedBefore({ topic, partition }: Chunk): Promise<(message: ConsumedMessage) => boolean> {
    const { watermark } = await this.#load(topic, partition);
    return watermark === null || watermark.decided.length === 0
      ? () => false
      : ({ offset }) => isProcessed(watermark, BigInt(offset));
  }

  /** The events of the chunk are decided; from now on they may change what others are decided by. */
  async decided({ topic, partition, first, next }: Chunk): Promise<void> {
    await this.#change(await this.#load(topic, partition), (watermark) =>
      withProcessedUpTo(watermark, { from: first, to: next }),
    );
  }

  /** The chunk is processed. Only `advance` stores it. */
  async processed(chunk: Chunk): Promise<void> {
    const { topic, partition, next } = chunk;
    const held = await this.#load(topic, partition);
    const last = held.processed.at(-1);
    const from = this.#beginning(chunk, held.position);
    held.position = next;
    if (last?.to === from) last.to = next;
    else held.processed.push({ from, to: next });
  }

  /** Kafka has deleted what lies between the offset we went back to and the first one it gave us. */
  #beginning(chunk: Chunk, position: bigint | null): bigint {
    const sought = this.#sought.get(toKey(chunk));
    return position === null && sought !== undefined && sought < chunk.first ? sought : chunk.first;
  }

  /** Stores what was processed up to the end of the chunk. */
  async advance(chunk: Chunk): Promise<void> {
    // Of records that consumers never see there is nothing else to process.
    if (chunk.messages.length === 0) await this.processed(chunk);
    const { topic, partition, next } = chunk;
    const held = await this.#load(topic, partition);
    const done = held.processed.splice(0);
    const last = done.at(-1);
    if (last !== undefined && last.to > next && last.from < next) {
      // The chunks behind it are processed by now, and their turn comes.
      held.processed.unshift({ from: next, to: last.to });
      last.to = next;
    }
    if (done.length === 0) return;
    try {
      await this.#change(held, (watermark) => done.slice(1).reduce(withProcessed, withProcessed(watermark, done[0]!)));
    } catch (error) {
      held.processed.unshift(...done);
      throw error;
    }
  }

  /**
   * Partitions that have to be read again from an offset, each named once: an operator wants it, or the topic was made
   * anew and the group's offset, of the topic that is gone, may lie at its end, so that no chunk would show it.
   */
  async reopened(): Promise<{ topic: string; partition: number; offset: bigint }[]> {
    const found: { topic: string; partition: number; offset: bigint }[] = [];
    const ours = await Promise.all(this.#assignment.map(({ topic, partition }) => this.#load(topic, partition)));
    const reopened = await this.#marks.reopened(ours.map(({ id }) => id));
    for (const held of ours) {
      const { topic, partition } = held.id;
      if (await this.#beginsAnew(held)) {
        this.#log.info({ topic, partition }, 'the topic was made anew: it is read from its beginning');
        found.push({ topic, partition, offset: 0n });
        continue;
      }
      if (!reopened.has(held.id)) continue;
      await held.saving.catch(() => {});
      await this.#refresh(held);
      const offset = firstReopened(held.watermark);
      const key = toKey({ topic, partition });
      if (offset === null || this.#sought.get(key) === offset) continue;
      if (held.position !== null && held.position <= offset) continue;
      this.#sought.set(key, offset);
      found.push({ topic, partition, offset });
    }
    return found;
  }

  async #beginsAnew(held: Held): Promise<boolean> {
    if (held.watermark !== null || held.compared) return false;
    const isAnew = await this.#marks.hasFormerTopic(held.id);
    held.compared = true;
    return isAnew && held.position === null;
  }

  #load(topic: string, partition: number): Promise<Held> {
    const key = toKey({ topic, partition });
    const known = this.#held.get(key);
    if (known !== undefined) return known;
    const loading = this.#read(topic, partition);
    this.#held.set(key, loading);
    loading.catch(() => {
      if (this.#held.get(key) === loading) this.#held.delete(key);
    });
    return loading;
  }

  async #read(topic: string, partition: number): Promise<Held> {
    const id = { cluster: this.#cluster.id, topic, topicId: this.#cluster.topicId(topic), partition };
    const stored = await this.#marks.watermark(id);
    return {
      id,
      watermark: stored?.watermark ?? null,
      revision: stored?.revision ?? null,
      position: null,
      processed: [],
      saving: Promise.resolve(),
      announced: false,
      compared: false,
    };
  }

  /** One change after the other; what another process has changed meanwhile is read and changed instead. */
  #change(held: Held, plan: (watermark: Watermark | null) => Watermark): Promise<void> {
    const saving = held.saving.catch(() => {}).then(() => this.#save(held, plan));
    held.saving = saving;
    return saving;
  }

  async #save(held: Held, plan: (watermark: Watermark | null) => Watermark): Promise<void> {
    for (;;) {
      const next = plan(held.watermark);
      if (await this.#marks.saveWatermark(held.id, next, held.revision)) {
        held.watermark = next;
        held.revision = (held.revision ?? 0) + 1;
        return;
      }
      await sleep(Math.random() * 20);
      await this.#refresh(held);
    }
  }

  async #refresh(held: Held): Promise<void> {
    const stored = await this.#marks.watermark(held.id);
    held.watermark = stored?.watermark ?? null;
    held.revision = stored?.revision ?? null;
  }

  #report(held: Held, { topic, partition, first }: Chunk, skips: boolean): void {
    const { watermark, position } = held;
    if (watermark !== null && position === null && first > watermark.next) {
      this.#log.warn(
        { topic, partition, from: String(watermark.next), to: String(first) },
        'the consumer was set forward: these offsets are processed when it is set back to them',
      );
    }
    if (held.announced || !skips) return;
    held.announced = true;
    this.#log.info(
      { topic, partition, offset: String(first), watermark: String(watermark?.next) },
      'skipping what was processed before',
    );
  }
}

function toKey({ topic, partition }: Pick<Chunk, 'topic' | 'partition'>): string {
  return `${topic}/${partition}`;
}
