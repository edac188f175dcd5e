/**
 * The runs of a partition of which events wait in a queue for a subscription, or did: the store is asked about these
 * alone. That a queue is empty by now is found when the next event of its run comes, and from time to time for all.
 */
import type { DeliveryKey } from '#libs/domain/subscriptions/delivery.ts';

const most = 10_000;

export class WaitingRuns {
  readonly #keys = new Set<string>();
  /** Added while the store was asked; null at other times. */
  #added: Set<string> | null = null;
  /** Pruned when there are more: twice as many as were left the last time. */
  #limit = most;

  get size(): number {
    return this.#keys.size;
  }

  has(key: DeliveryKey): boolean {
    return this.#keys.has(toText(key));
  }

  add(key: DeliveryKey): void {
    this.#keys.add(toText(key));
    this.#added?.add(toText(key));
  }

  delete(key: DeliveryKey): void {
    this.#keys.delete(toText(key));
  }

  /** Drops those that are no longer in the store, once there are many. @param read all that are */
  async prune(read: () => Promise<readonly DeliveryKey[]>): Promise<void> {
    if (this.#keys.size <= this.#limit) return;
    const added = (this.#added = new Set<string>());
    const known = [...this.#keys];
    try {
      const stored = new Set((await read()).map(toText));
      for (const key of known) if (!stored.has(key) && !added.has(key)) this.#keys.delete(key);
    } finally {
      this.#added = null;
    }
    this.#limit = Math.max(most, 2 * this.#keys.size);
  }
}

function toText({ subscription_id, execution_id }: DeliveryKey): string {
  return `${subscription_id}/${execution_id}`;
}
