/** How long each partition has stood still. A partition that comes back at the same offset has stood still meanwhile. */
export class Standstill {
  readonly #known = new Map<string, { next: bigint; since: number }>();

  /**
   * @param next first offset that is not committed @param isWaiting whether messages are waiting there
   * @param now milliseconds since 1970
   * @returns for how many milliseconds messages have been waiting at this offset
   */
  since(partition: string, next: bigint, isWaiting: boolean, now: number): number {
    if (!isWaiting) {
      this.#known.delete(partition);
      return 0;
    }
    const known = this.#known.get(partition);
    if (known?.next === next) return now - known.since;
    this.#known.set(partition, { next, since: now });
    return 0;
  }
}
