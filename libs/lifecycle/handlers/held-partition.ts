/** A partition that this member reads: what of it is under way, and how far it is committed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoff } from '#libs/async/backoff.ts';
import { rejection } from '#libs/async/rejection.ts';
import type { Chunk } from '#libs/kafka/chunk.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { PartitionProgress } from '#libs/kafka/partition-progress.ts';

export interface CommitOptions {
  /** Commits what of a partition is to be read next. */
  commit: (topic: string, partition: number, next: bigint) => Promise<void>;
  log: Logger;
}

const commitPauses = { first: 100, longest: 5000 };

export class HeldPartition {
  readonly topic: string;
  readonly partition: number;
  readonly #options: CommitOptions;
  /** Aborted when nothing is to be committed any more. */
  readonly #ending: AbortSignal;
  readonly #progress: PartitionProgress;
  #chunkBegan: bigint;
  #committed: bigint;
  #isCommitting = false;
  #commits: Promise<void> = Promise.resolve();
  #moved: () => void = () => {};

  constructor({ topic, partition, first }: Chunk, options: CommitOptions, ending: AbortSignal) {
    this.topic = topic;
    this.partition = partition;
    this.#options = options;
    this.#ending = ending;
    this.#progress = new PartitionProgress(first);
    this.#chunkBegan = first;
    this.#committed = first;
  }

  /** Resolves with the last request to commit. */
  get commits(): Promise<void> {
    return this.#commits;
  }

  /** @returns false for a chunk from before the last one: its offsets do not name what they named then */
  begin({ first }: Chunk): boolean {
    if (first < this.#chunkBegan) return false;
    this.#chunkBegan = first;
    return true;
  }

  /** Whether it was taken before its chunk was interrupted. */
  hasTaken(offset: bigint): boolean {
    return offset < this.#progress.taken;
  }

  /** @returns to be called when the message is done */
  take(offset: bigint): () => void {
    const done = this.#progress.take(offset);
    return () => {
      done();
      this.wake();
      this.#commit();
    };
  }

  takenUpTo(next: bigint): void {
    this.#progress.takenUpTo(next);
    this.#commit();
  }

  /** Whether that many messages are ahead of the first one that is not done, or it is one of them. */
  isFull(maxAhead: number): boolean {
    return this.#progress.ahead >= maxAhead;
  }

  /** Resolves when a message is done, or all are released. */
  async change(signal: AbortSignal): Promise<void> {
    await Promise.race([new Promise<void>((resolve) => (this.#moved = resolve)), rejection(signal)]);
  }

  wake(): void {
    this.#moved();
  }

  /** Up to the first message that is not done. One request at a time: the next one says what was done meanwhile. */
  #commit(): void {
    if (!this.#isCommitting) this.#commits = this.#commitAll();
  }

  async #commitAll(): Promise<void> {
    const { commit, log } = this.#options;
    const { topic, partition } = this;
    this.#isCommitting = true;
    const pauses = backoff(commitPauses);
    while (this.#progress.reached > this.#committed && !this.#ending.aborted) {
      const next = this.#progress.reached;
      try {
        await commit(topic, partition, next);
        this.#committed = next;
      } catch (error) {
        log.debug({ topic, partition, err: error }, 'what is done of workflow events cannot be committed yet');
        await sleep(pauses.next().value, undefined, { signal: this.#ending }).catch(() => {});
      }
    }
    this.#isCommitting = false;
  }
}
