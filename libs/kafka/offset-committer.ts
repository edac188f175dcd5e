/** Notes down what is done: first in our own records, then as the committed offset. One at a time for each partition. */
import type { Logger } from '#libs/telemetry/logger.ts';
import type { Chunk, ChunkHandler } from './chunk.ts';

/** Commits the end of the chunk as the offset of its partition. */
type Commit = (done: Chunk) => Promise<void>;

export class OffsetCommitter {
  readonly #underway = new Map<string, Promise<void>>();
  readonly #log: Logger;
  /** Grows with each assignment of partitions. */
  #assignment = 0;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Partitions were assigned anew: what is being committed may be of another member now, and is left out. */
  reassigned(): void {
    this.#assignment += 1;
  }

  /** Resolves when nothing is being settled for the partition, whatever became of it. */
  async previous(of: Pick<Chunk, 'topic' | 'partition'>): Promise<void> {
    await this.#underway.get(toKey(of))?.catch(() => {});
  }

  async all(): Promise<void> {
    await Promise.allSettled(this.#underway.values());
  }

  /** @throws what the handler or the group's coordinator throws: the messages are delivered again and found done */
  commitNow(commit: Commit, done: Chunk, handler: ChunkHandler, signal: AbortSignal): Promise<void> {
    return this.#track(done, this.#settle(commit, done, handler, signal));
  }

  async #track(done: Chunk, settling: Promise<void>): Promise<void> {
    const key = toKey(done);
    this.#underway.set(key, settling);
    try {
      await settling;
    } finally {
      if (this.#underway.get(key) === settling) this.#underway.delete(key);
    }
  }

  /** The same without waiting for it. */
  commitInBackground(commit: Commit, done: Chunk, handler: ChunkHandler, signal: AbortSignal): void {
    this.commitNow(commit, done, handler, signal).catch((error: unknown) => {
      const { topic, partition } = done;
      this.#log.debug({ topic, partition, err: error }, 'finished messages will be delivered once more');
    });
  }

  /** Notes down, after what is being settled, that a partition went on to `unseen.next` without a message. */
  skip(commit: Commit, unseen: Chunk, handler: ChunkHandler, signal: AbortSignal): void {
    const assignment = this.#assignment;
    const skipping = this.previous(unseen).then(async () => {
      if (assignment !== this.#assignment) return;
      await this.#settle(commit, unseen, handler, signal);
    });
    this.#track(unseen, skipping).catch((error: unknown) => {
      const { topic, partition } = unseen;
      this.#log.debug({ topic, partition, err: error }, 'the end of the partition will be read once more');
    });
  }

  async #settle(commit: Commit, done: Chunk, handler: ChunkHandler, signal: AbortSignal): Promise<void> {
    const assignment = this.#assignment;
    await handler.commit?.(done, signal);
    if (assignment === this.#assignment) await commit(done);
  }
}

function toKey({ topic, partition }: Pick<Chunk, 'topic' | 'partition'>): string {
  return `${topic}/${partition}`;
}
