/** Work that others may want to see ended first. */
export class WorkUnderWay {
  readonly #works = new Set<Promise<void>>();

  #endings = 0;

  /** Taken before and compared after, it tells whether there was any work in between. */
  get moment(): number {
    return this.#endings;
  }

  wasNoneSince(moment: number): boolean {
    return this.#works.size === 0 && this.#endings === moment;
  }

  async track(work: Promise<void>): Promise<void> {
    this.#works.add(work);
    try {
      await work;
    } finally {
      this.#works.delete(work);
      this.#endings += 1;
    }
  }

  /** Resolves when what is under way now has ended, however it ended. @throws the signal's reason */
  async ended(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    let stop: (() => void) | undefined;
    const aborted = new Promise<void>((resolve) => (stop = resolve));
    signal.addEventListener('abort', () => stop?.(), { once: true });
    await Promise.race([Promise.allSettled(this.#works), aborted]);
    signal.throwIfAborted();
  }
}
