/**
 * The requests of this process to one subscription: so many at once, and fewer while its receiver fails. After some
 * failures in a row one request at a time finds out whether it is back, at growing intervals, so that a receiver that
 * is away costs next to nothing.
 */
import { backoff } from '#libs/async/backoff.ts';
import type { AttemptOutcome } from '#libs/domain/subscriptions/subscription-health.ts';
import type { ReleaseSlot } from '#libs/subscriptions/attempt-slots.ts';

/** Failures in a row after which a receiver counts as away. */
const tripAfter = 5;
const probePauses = { first: 2_000, longest: 300_000 };
/** Where a receiver asks to be left alone and does not say how long, in milliseconds. */
const usualRetryAfterMs = 1_000;
/** Between two looks whether the subscription is still active, for those who wait. */
const maxWaitMs = 1_000;

const tooManyRequests = 429;

export class Lane {
  readonly #concurrency: number;
  readonly #waiting = new Set<() => void>();
  #inUse = 0;
  #failures = 0;
  #probes: Generator<number, never> | null = null;
  #blockedUntil = 0;

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** Nothing can be sent at this moment, and that is not for want of a free slot alone. */
  get isHeldUp(): boolean {
    return this.#isAway || Date.now() < this.#blockedUntil;
  }

  /** @returns null when none is free, or the receiver is to be left alone */
  tryAcquire(): ReleaseSlot | null {
    const most = this.#isAway ? 1 : this.#concurrency;
    if (this.#inUse >= most || Date.now() < this.#blockedUntil) return null;
    this.#inUse += 1;
    return (outcome) => {
      this.#inUse -= 1;
      if (outcome !== undefined) this.#observe(outcome);
      this.wake();
    };
  }

  /** Waits for a slot. @param isWanted asked again and again @returns null as soon as it says no */
  async acquire(isWanted: () => boolean): Promise<ReleaseSlot | null> {
    while (isWanted()) {
      const release = this.tryAcquire();
      if (release !== null) return release;
      await this.#wait();
    }
    return null;
  }

  /** Nothing is sent before. @param until milliseconds since 1970 */
  restUntil(until: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, until);
  }

  /** Lets those who wait look again. */
  wake(): void {
    for (const goOn of this.#waiting) goOn();
  }

  get #isAway(): boolean {
    return this.#failures >= tripAfter;
  }

  #observe({ isDelivered, status, retryAfterMs }: AttemptOutcome): void {
    if (isDelivered) {
      this.#failures = 0;
      this.#probes = null;
      this.#blockedUntil = 0;
      return;
    }
    const isProbe = Date.now() >= this.#blockedUntil;
    this.#failures += 1;
    if (status === tooManyRequests || retryAfterMs !== undefined)
      this.restUntil(Date.now() + (retryAfterMs ?? usualRetryAfterMs));
    // Requests that were under way together find out together, and once.
    if (this.#isAway && isProbe) this.restUntil(Date.now() + (this.#probes ??= backoff(probePauses)).next().value);
  }

  #wait(): Promise<void> {
    const blockedMs = this.#blockedUntil - Date.now();
    return new Promise((resolve) => {
      const goOn = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(goOn);
        resolve();
      };
      const timer = setTimeout(goOn, blockedMs > 0 ? Math.min(blockedMs, maxWaitMs) : maxWaitMs);
      this.#waiting.add(goOn);
    });
  }
}
