/**
 * Whose turn it is when a subscription has no slot free. Each queue is told when to come again, one after the other at
 * the pace at which attempts end: a thousand queues of a slow receiver then cost no more than its attempts do.
 */

/** Between two attempts that end, as long as none has ended, in milliseconds. */
const usualPaceMs = 500;
const leastWaitMs = 1000;
const longestWaitMs = 120_000;
/** Subscriptions that are remembered; those that are forgotten begin anew. */
const remembered = 5000;

export class AttemptTurns {
  readonly #concurrency: number;
  readonly #next = new Map<string, number>();
  readonly #pace = new Map<string, number>();

  /** @param concurrency attempts at one subscription at once */
  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** @param durationMs of an attempt that has ended */
  ended(subscriptionId: string, durationMs: number): void {
    if (this.#pace.size >= remembered) this.#pace.clear();
    this.#pace.set(subscriptionId, durationMs / this.#concurrency);
  }

  /** @param now milliseconds since 1970. @returns how long to wait, in milliseconds */
  draw(subscriptionId: string, now: number): number {
    if (this.#next.size >= remembered) this.#next.clear();
    const pace = this.#pace.get(subscriptionId) ?? usualPaceMs;
    const turn = Math.max(now, this.#next.get(subscriptionId) ?? 0) + pace;
    const wait = Math.min(Math.max(turn - now, leastWaitMs), longestWaitMs);
    this.#next.set(subscriptionId, Math.min(turn, now + longestWaitMs));
    return Math.round(wait + Math.random() * leastWaitMs);
  }
}
