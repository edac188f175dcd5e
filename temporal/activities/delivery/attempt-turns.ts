/**
 * Whose turn it is when a subscription has no slot free. Each queue is told when to come again, one after the other at
 * the pace at which attempts end, and less and less often while none gets a slot: a thousand queues of a receiver that
 * is slow or away then cost no more than the attempts do.
 */

/** Between two attempts that end, as long as none has ended, in milliseconds. */
const usualPaceMs = 500;
const leastWaitMs = 1000;
const longestWaitMs = 120_000;
/** Subscriptions that are remembered; those that are forgotten begin anew. */
const remembered = 5000;

interface Turns {
  /** When the last queue is to come again, milliseconds since 1970. */
  last: number;
  paceMs: number;
  /** Since a queue got a slot. */
  refused: number;
}

export class AttemptTurns {
  readonly #concurrency: number;
  readonly #turns = new Map<string, Turns>();

  /** @param concurrency attempts at one subscription at once */
  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** @param durationMs of an attempt that has ended */
  ended(subscriptionId: string, durationMs: number): void {
    const turns = this.#of(subscriptionId);
    turns.paceMs = durationMs / this.#concurrency;
    turns.refused = 0;
  }

  /** @param now milliseconds since 1970. @returns how long to wait, in milliseconds */
  draw(subscriptionId: string, now: number): number {
    const turns = this.#of(subscriptionId);
    const patienceMs = leastWaitMs * 2 ** Math.min(turns.refused, 10);
    const turn = Math.max(now, turns.last) + turns.paceMs;
    const wait = Math.min(Math.max(turn - now, patienceMs), longestWaitMs);
    turns.refused += 1;
    turns.last = Math.min(turn, now + longestWaitMs);
    return Math.round(wait + Math.random() * leastWaitMs);
  }

  #of(subscriptionId: string): Turns {
    let turns = this.#turns.get(subscriptionId);
    if (turns === undefined) {
      if (this.#turns.size >= remembered) this.#turns.clear();
      turns = { last: 0, paceMs: usualPaceMs, refused: 0 };
      this.#turns.set(subscriptionId, turns);
    }
    return turns;
  }
}
