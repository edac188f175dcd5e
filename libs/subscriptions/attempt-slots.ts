import type { AttemptOutcome } from '#libs/domain/subscriptions/subscription-health.ts';

/** Gives a slot back. @param outcome of the attempt, if one was made: it tells how the receiver is */
export type ReleaseSlot = (outcome?: AttemptOutcome) => void;

/** How many requests to one subscription are under way in this process. */
export interface AttemptSlots {
  /** @returns null when there is none */
  tryAcquire(subscriptionId: string): ReleaseSlot | null;
}

/** @param most requests to one subscription at once */
export function createAttemptSlots(most: number): AttemptSlots {
  const taken = new Map<string, number>();
  const change = (subscriptionId: string, by: number): void => {
    const count = (taken.get(subscriptionId) ?? 0) + by;
    if (count === 0) taken.delete(subscriptionId);
    else taken.set(subscriptionId, count);
  };
  return {
    tryAcquire(subscriptionId) {
      if ((taken.get(subscriptionId) ?? 0) >= most) return null;
      change(subscriptionId, 1);
      let isHeld = true;
      return () => {
        if (isHeld) change(subscriptionId, -1);
        isHeld = false;
      };
    },
  };
}
