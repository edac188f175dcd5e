/** How far a partition is done, where messages are carried out side by side and end in any order. */
export class PartitionProgress {
  /** From the first message that is not done to the last one taken. */
  readonly #ahead: { offset: bigint; isDone: boolean }[] = [];
  #taken: bigint;

  /** @param first offset where reading begins */
  constructor(first: bigint) {
    this.#taken = first;
  }

  /** The offset behind what was taken. */
  get taken(): bigint {
    return this.#taken;
  }

  /** The first offset that is not done. */
  get reached(): bigint {
    return this.#ahead[0]?.offset ?? this.#taken;
  }

  /** Messages taken from `reached` on. */
  get ahead(): number {
    return this.#ahead.length;
  }

  /** @returns to be called when the message is done */
  take(offset: bigint): () => void {
    const entry = { offset, isDone: false };
    this.#ahead.push(entry);
    this.#taken = offset + 1n;
    return () => {
      entry.isDone = true;
      const next = this.#ahead.findIndex(({ isDone }) => !isDone);
      this.#ahead.splice(0, next === -1 ? this.#ahead.length : next);
    };
  }

  /** Nothing that can be seen lies before this offset. */
  takenUpTo(next: bigint): void {
    if (next > this.#taken) this.#taken = next;
  }
}
