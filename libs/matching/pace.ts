/** Long work on the one thread of a process: a slice of it, then whatever else waits, such as the group's heartbeats. */
export interface PaceOptions {
  /** Milliseconds of a slice. */
  sliceMs?: number;
  /** Milliseconds of rest after each slice; 0 = until the others have had their turn. */
  restMs?: number;
}

export class Pace {
  readonly #sliceMs: number;
  readonly #restMs: number;
  #until: number;

  constructor({ sliceMs = 10, restMs = 0 }: PaceOptions = {}) {
    this.#sliceMs = sliceMs;
    this.#restMs = restMs;
    this.#until = performance.now() + sliceMs;
  }

  /** Whether the slice is over. */
  readonly isOver = (): boolean => performance.now() > this.#until;

  /** Lets the others work, then begins the next slice. @throws the signal's reason */
  async rest(signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#restMs > 0) setTimeout(resolve, this.#restMs);
      else setImmediate(resolve);
    });
    signal?.throwIfAborted();
    this.#until = performance.now() + this.#sliceMs;
  }
}
