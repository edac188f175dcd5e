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
  readonly #sorted: readonly Interval<T>[];
  readonly #greatest: Float64Array;

  constructor(intervals: readonly Interval<T>[]) {
    this.#sorted = intervals.toSorted((a, b) => a.low - b.low || 0);
    this.#greatest = new Float64Array(intervals.length);
    this.#prepare(0, intervals.length);
  }

  /** Calls `found` for each interval with low <= at <= high. */
  query(at: number, found: (item: T) => void): void {
    this.#visit(0, this.#sorted.length, at, found);
  }

  // Depth of both recursions: log2 of the number of intervals.
  #prepare(from: number, to: number): number {
    if (from >= to) return -Infinity;
    const middle = (from + to) >>> 1;
    const own = this.#sorted[middle]?.high ?? -Infinity;
    const greatest = Math.max(own, this.#prepare(from, middle), this.#prepare(middle + 1, to));
    this.#greatest[middle] = greatest;
    return greatest;
  }

  #visit(from: number, to: number, at: number, found: (item: T) => void): void {
    if (from >= to) return;
    const middle = (from + to) >>> 1;
    if ((this.#greatest[middle] ?? -Infinity) < at) return;
    this.#visit(from, middle, at, found);
    const interval = this.#sorted[middle];
    if (interval === undefined || interval.low > at) return;
    if (at <= interval.high) found(interval.item);
    this.#visit(middle + 1, to, at, found);
  }
}
