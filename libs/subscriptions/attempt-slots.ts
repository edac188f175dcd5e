import type { AttemptOutcome } from '#libs/domain/subscriptions/subscription-health.ts';

/** Gives a slot back. @param outcome of the attempt, if one was made: it tells how the receiver is */
export type ReleaseSlot = (outcome?: AttemptOutcome) => void;

/** How many requests to one subscription are under way in this process. */
export interface AttemptSlots {
  /** @returns null when there is none */
  tryAcquire(subscriptionId: string): ReleaseSlot | null;
}
