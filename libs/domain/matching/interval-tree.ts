/**
 * Which of many closed intervals hold a number: a balanced tree laid out in arrays sorted by lower end, each place
 * knowing the greatest upper end of its subtree (Cormen et al., "Augmenting data structures"). O(log n + found).
 */

export interface Interval<T> {
  low: number;
  high: number;
  item: T;
}

export class IntervalIndex<T> {
  // Side by side in memory, not in objects all over it.
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #greatest: Float64Array;
  readonly #items: readonly T[];

  constructor(intervals: readonly Interval<T>[]) {
    const sorted = intervals.toSorted((a, b) => a.low - b.low || 0);
    this.#low = Float64Array.from(sorted, ({ low }) => low);
    this.#high = Float64Array.from(sorted, ({ high }) => high);
    this.#items = sorted.map(({ item }) => item);
    this.#greatest = new Float64Array(intervals.length);
    this.#prepare(0, intervals.length);
  }

  /** Calls `found` for each interval with low <= at <= high. */
  query(at: number, found: (item: T) => void): void {
    this.#visit(0, this.#items.length, at, found);
  }

  // Depth of both recursions: log2 of the number of intervals.
  #prepare(from: number, to: number): number {
    if (from >= to) return -Infinity;
    const middle = (from + to) >>> 1;
    const own = this.#high[middle] ?? -Infinity;
    const greatest = Math.max(own, this.#prepare(from, middle), this.#prepare(middle + 1, to));
    this.#greatest[middle] = greatest;
    return greatest;
  }

  #visit(from: number, to: number, at: number, found: (item: T) => void): void {
    if (from >= to) return;
    const middle = (from + to) >>> 1;
    if ((this.#greatest[middle] ?? -Infinity) < at) return;
    this.#visit(from, middle, at, found);
    const item = this.#items[middle];
    if (item === undefined || (this.#low[middle] ?? Infinity) > at) return;
    if (at <= (this.#high[middle] ?? -Infinity)) found(item);
    this.#visit(middle + 1, to, at, found);
  }
}
