/**
 * Whose turn it is when a subscription has no slot free. Its queues are told to come again one after the other, at the
 * pace at which attempts end, and at growing intervals while none is delivered: a thousand queues of a receiver that is
 * slow or away then cost no more than the attempts do. Once it takes an event, all of them may come at once.
 */
import type { DeliveryKey } from '#libs/domain/subscriptions/delivery.ts';
import { deliveryWorkflowId } from '#temporal/contract/delivery.ts';

/** Between two queues of a subscription that come again, in milliseconds: at first, and at most. */
const firstGapMs = 100;
const longestGapMs = 5_000;
/** So many refused ones double it. */
const refusedPerStep = 8;
const leastWaitMs = 1_000;
const longestWaitMs = 120_000;
/** Subscriptions, and queues of each of them, that are remembered. */
const remembered = 5_000;

interface Turns {
  /** When the last queue is to come again, milliseconds since 1970. */
  last: number;
  paceMs: number;
  /** Since an event was delivered. */
  refused: number;
  waiting: Map<string, DeliveryKey>;
}

export class AttemptTurns {
  readonly #concurrency: number;
  readonly #turns = new Map<string, Turns>();

  /** @param concurrency attempts at one subscription at once */
  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** The queue has no slot. @param now milliseconds since 1970. @returns how long to wait, in milliseconds */
  draw(key: DeliveryKey, now: number): number {
    const turns = this.#of(key.subscription_id);
    const step = Math.min(Math.floor(turns.refused / refusedPerStep), 10);
    const turn = Math.max(now, turns.last) + Math.max(turns.paceMs, Math.min(firstGapMs * 2 ** step, longestGapMs));
    turns.refused += 1;
    turns.last = Math.min(turn, now + longestWaitMs);
    if (turns.waiting.size < remembered) turns.waiting.set(deliveryWorkflowId(key), key);
    // Those behind the longest wait come at any time of its second half.
    if (turn > now + longestWaitMs) return Math.round(longestWaitMs * (0.5 + Math.random() / 2));
    return Math.round(Math.max(turn - now, leastWaitMs) + Math.random() * leastWaitMs);
  }

  /** The queue has got a slot. */
  took(key: DeliveryKey): void {
    this.#turns.get(key.subscription_id)?.waiting.delete(deliveryWorkflowId(key));
  }

  /** @param durationMs of an attempt that has ended. @returns queues that need wait no longer */
  ended(subscriptionId: string, durationMs: number, isDelivered: boolean): DeliveryKey[] {
    const turns = this.#of(subscriptionId);
    turns.paceMs = durationMs / this.#concurrency;
    if (!isDelivered) return [];
    const called = [...turns.waiting.values()];
    turns.waiting.clear();
    turns.refused = 0;
    turns.last = 0;
    return called;
  }

  #of(subscriptionId: string): Turns {
    let turns = this.#turns.get(subscriptionId);
    if (turns === undefined) {
      if (this.#turns.size >= remembered) this.#turns.clear();
      turns = { last: 0, paceMs: 0, refused: 0, waiting: new Map() };
      this.#turns.set(subscriptionId, turns);
    }
    return turns;
  }
}
