/** What a process holds, given back in the opposite order of taking it. */
export class Closers {
  readonly #closers: Array<() => Promise<unknown>> = [];

  add(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  /** Closes everything even where something fails to; then throws what failed first. */
  async close(): Promise<void> {
    const failed: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      await close().catch((error: unknown) => failed.push(error));
    }
    if (failed.length > 0) throw failed[0];
  }
}
