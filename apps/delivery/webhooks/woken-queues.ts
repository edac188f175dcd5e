/**
 * Which queues were woken lately, so that one whose workflow is at it is left alone. One that goes on being overdue at the
 * same time is woken again, less and less often: signals that no workflow takes stay at the server.
 */
import type { DeliveryKey, PendingDelivery } from '#libs/domain/subscriptions/delivery.ts';
import { deliveryWorkflowId } from '#temporal/contract/delivery.ts';

export type DueQueue = DeliveryKey & Pick<PendingDelivery, 'next_at'>;

const firstPauseMs = 60_000;
const longestPauseMs = 3_600_000;
/** How long one is remembered that is overdue no more, in milliseconds. */
const forgetAfterMs = 2 * longestPauseMs;

interface Woken {
  nextAt: string | null;
  at: number;
  pauseMs: number;
}

export class WokenQueues {
  readonly #woken = new Map<string, Woken>();

  /** @param now milliseconds since 1970. @returns those that are to be woken */
  unseen<Queue extends DueQueue>(overdue: readonly Queue[], now: number): Queue[] {
    for (const [id, { at }] of this.#woken) if (now - at > forgetAfterMs) this.#woken.delete(id);
    return overdue.filter((queue) => {
      const woken = this.#woken.get(deliveryWorkflowId(queue));
      return woken === undefined || woken.nextAt !== queue.next_at || now - woken.at >= woken.pauseMs;
    });
  }

  add(queue: DueQueue, now: number): void {
    const id = deliveryWorkflowId(queue);
    const before = this.#woken.get(id);
    const isSame = before !== undefined && before.nextAt === queue.next_at;
    const pauseMs = isSame ? Math.min(before.pauseMs * 2, longestPauseMs) : firstPauseMs;
    this.#woken.set(id, { nextAt: queue.next_at, at: now, pauseMs });
  }
}
