/**
 * How many messages of each partition are handled together. A chunk that was interrupted, by an eviction from the group
 * most often, is tried again in smaller steps, each of which is committed: so a partition moves on however little time
 * it is given.
 */
export class ChunkSizes {
  readonly #most: number;
  readonly #reduced = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  of(partition: string): number {
    return this.#reduced.get(partition) ?? this.#most;
  }

  interrupted(partition: string): void {
    this.#reduced.set(partition, Math.max(1, Math.floor(this.of(partition) / 4)));
  }

  carriedOut(partition: string): void {
    if (!this.#reduced.has(partition)) return;
    const size = this.of(partition) * 2;
    if (size < this.#most) this.#reduced.set(partition, size);
    else this.#reduced.delete(partition);
  }
}
