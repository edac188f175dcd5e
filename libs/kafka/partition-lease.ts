/**
 * The right to work on a partition. It lasts as long as the group's coordinator answers heartbeats, however long one
 * chunk takes; every step of the work has a deadline of its own, so a heartbeat never hides work that hangs.
 */
import { setMaxListeners } from 'node:events';

/** Why work on a partition had to stop; the messages stay uncommitted and will be delivered again. */
export class PartitionReleased extends Error {
  override name = 'PartitionReleased';
}

/** Well below any session timeout; the client sends no more than one heartbeat an interval. */
const beatMs = 1000;

export class Lease {
  readonly #controller = new AbortController();
  readonly #heartbeat: () => Promise<void>;
  readonly #timer: NodeJS.Timeout;
  readonly #stopping: AbortSignal;
  readonly #onStop = (): void => this.#release('the process is ending');
  #lost: Error | null = null;

  /** @param stopping aborted when the process can wait no longer for what it holds */
  constructor(heartbeat: () => Promise<void>, stopping: AbortSignal) {
    // Everything under way for the partition listens to it.
    setMaxListeners(0, this.#controller.signal);
    this.#heartbeat = heartbeat;
    this.#stopping = stopping;
    this.#timer = setInterval(() => void this.#beat(), beatMs);
    stopping.addEventListener('abort', this.#onStop, { once: true });
    if (stopping.aborted) this.#onStop();
  }

  /** Aborted with a `PartitionReleased` when the work has to stop. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What the coordinator answered when it no longer knew this member; the client rejoins when it is thrown to it. */
  get lost(): Error | null {
    return this.#lost;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stopping.removeEventListener('abort', this.#onStop);
  }

  async #beat(): Promise<void> {
    try {
      await this.#heartbeat();
    } catch (error) {
      this.#lost ??= error instanceof Error ? error : new Error(String(error));
      this.#release('the consumer group is rebalancing', error);
    }
  }

  #release(why: string, cause?: unknown): void {
    clearInterval(this.#timer);
    this.#controller.abort(new PartitionReleased(why, { cause }));
  }
}
