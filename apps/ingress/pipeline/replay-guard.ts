/** Recognises messages that were carried out before, by the mark of their partition. */
import type { KafkaMessage } from 'kafkajs';
import type { Mark, PartitionId, RunLedger } from '#libs/domain/ledger.ts';
import type { Chunk } from '#libs/kafka/batch.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

type Marks = Pick<RunLedger, 'mark' | 'advanceMark'>;

export class ReplayGuard {
  readonly #marks: Marks;
  readonly #cluster: () => string;
  readonly #log: Logger;
  /** Marks of the partitions we hold; other members move theirs. */
  readonly #known = new Map<string, Mark | null>();
  /** Partitions whose replay has been logged. */
  readonly #announced = new Set<string>();

  /** @param cluster id of the Kafka cluster, known once it has been reached */
  constructor(marks: Marks, cluster: () => string, log: Logger) {
    this.#marks = marks;
    this.#cluster = cluster;
    this.#log = log;
  }

  /** Call at each assignment: another member may have carried on with any of our partitions. */
  forget(): void {
    this.#known.clear();
    this.#announced.clear();
  }

  /** The messages of the chunk that are not known to be done. */
  async unseen({ topic, partition, messages }: Chunk): Promise<KafkaMessage[]> {
    const key = `${topic}/${partition}`;
    let mark = this.#known.get(key);
    if (mark === undefined) {
      mark = await this.#marks.mark(this.#id(topic, partition));
      this.#known.set(key, mark);
    }
    const first = messages[0];
    if (mark === null || first === undefined || BigInt(first.offset) >= mark.next) return messages;
    const { next, at } = mark;
    const unseen = messages.filter(
      ({ offset, timestamp }) => BigInt(offset) >= next || Number(timestamp) > at.getTime(),
    );
    if (unseen.length < messages.length && !this.#announced.has(key)) {
      this.#announced.add(key);
      this.#log.info(
        { topic, partition, offset: first.offset, mark: String(next) },
        'skipping what was carried out before',
      );
    }
    return unseen;
  }

  /** Everything up to the end of the chunk has been carried out. */
  async advance({ topic, partition, next, messages }: Chunk): Promise<void> {
    // A producer's clock may be ahead of ours: its messages are known as done all the same.
    const newest = messages.reduce((latest, { timestamp }) => Math.max(latest, Number(timestamp)), 0);
    const mark: Mark = { next, at: new Date(Math.max(Date.now(), newest)) };
    await this.#marks.advanceMark(this.#id(topic, partition), mark);
    const key = `${topic}/${partition}`;
    const known = this.#known.get(key);
    if (known == null || known.next < next) this.#known.set(key, mark);
  }

  #id(topic: string, partition: number): PartitionId {
    return { cluster: this.#cluster(), topic, partition };
  }
}
