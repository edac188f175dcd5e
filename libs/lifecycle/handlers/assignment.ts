/** What this member of the group holds until partitions are assigned anew, and how it is given up. */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chunk } from '#libs/kafka/chunk.ts';
import { HeldPartition, type CommitOptions } from './held-partition.ts';

/** How long what is done may take to be committed when the process ends, in milliseconds. */
const farewellMs = 2000;

export class Assignment {
  readonly #options: CommitOptions;
  readonly #closing = new AbortController();
  readonly #ending = new AbortController();
  readonly #partitions = new Map<string, HeldPartition>();

  constructor(options: CommitOptions) {
    this.#options = options;
    // Everything under way listens to them.
    setMaxListeners(0, this.#closing.signal, this.#ending.signal);
  }

  /** Aborted when no further event is to begin. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Aborted when what is under way is to end, and nothing more is to be committed. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  hold(chunk: Chunk): HeldPartition {
    const key = `${chunk.topic}/${chunk.partition}`;
    const held = this.#partitions.get(key) ?? new HeldPartition(chunk, this.#options, this.#ending.signal);
    this.#partitions.set(key, held);
    return held;
  }

  /** Gives everything up at once. Nothing is committed after it. */
  release(reason: Error): void {
    for (const controller of [this.#closing, this.#ending]) controller.abort(reason);
    for (const held of this.#partitions.values()) held.wake();
  }

  /**
   * Begins nothing more, lets what is under way end for a time, and commits what is done.
   * @param idle resolves when nothing is under way
   */
  async close(reason: Error, graceMs: number, idle: () => Promise<void>): Promise<void> {
    this.#closing.abort(reason);
    await within(graceMs, idle());
    await within(farewellMs, Promise.all([...this.#partitions.values()].map(({ commits }) => commits)));
    this.release(reason);
    await idle();
  }

  /** Whether this is why something was given up. */
  gaveUp(error: unknown): boolean {
    return [this.#closing.signal, this.#ending.signal].some(({ aborted, reason }) => aborted && reason === error);
  }
}

/** Resolves with the work, or when its time is over. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const end = sleep(ms, undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([work, end]);
  over.abort();
}
