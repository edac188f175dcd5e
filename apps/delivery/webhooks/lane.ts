/**
 * The requests of this process to one subscription: two at once, and one more with each success, up to so many. After
 * some failures in a row one request at a time finds out whether the receiver is back, at growing intervals. So a
 * receiver that is away costs little, and few of its events wait in queues of their own.
 */
import { backoff } from '#libs/async/backoff.ts';
import type { AttemptOutcome } from '#libs/domain/subscriptions/subscription-health.ts';
import type { ReleaseSlot } from '#libs/subscriptions/attempt-slots.ts';

/** Failures in a row after which a receiver counts as away. */
const tripAfter = 3;
const probePauses = { first: 2_000, longest: 300_000 };
/** Where a receiver asks to be left alone and does not say how long, in milliseconds. */
const usualRetryAfterMs = 1_000;
/** A request that has been under way for longer shows a receiver that is slow, in milliseconds. */
const slowMs = 500;
/** Between two looks whether the subscription is still active, for those who wait. */
const maxWaitMs = 1_000;

/** Requests at once to a receiver of which nothing is known, or that has just failed. */
const firstRequests = 2;

const tooManyRequests = 429;
/** Answers that say something of the receiver. Of the others below 500, an event is at fault. */
const receiversFaults: readonly (number | null)[] = [401, 403, 404, 408, 410, 425, tooManyRequests];

export class Lane {
  readonly #concurrency: number;
  readonly #waiting = new Set<() => void>();
  /** Requests under way, the oldest first. */
  readonly #underWay = new Set<{ since: number }>();
  #allowed: number;
  #failures = 0;
  #probes: Generator<number, never> | null = null;
  #blockedUntil = 0;

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
    this.#allowed = Math.min(firstRequests, concurrency);
  }

  /** Nothing can be sent soon: the receiver is away, or is to be left alone, or takes long for what it has. */
  get isHeldUp(): boolean {
    const now = Date.now();
    const [oldest] = this.#underWay;
    const isSlow = oldest !== undefined && now - oldest.since > slowMs;
    return this.#isAway || isSlow || now < this.#blockedUntil;
  }

  /** @returns null when none is free, or the receiver is to be left alone */
  tryAcquire(): ReleaseSlot | null {
    const most = this.#isAway ? 1 : this.#allowed;
    const now = Date.now();
    if (this.#underWay.size >= most || now < this.#blockedUntil) return null;
    const request = { since: now };
    this.#underWay.add(request);
    return (outcome) => {
      this.#underWay.delete(request);
      const allowed = this.#allowed;
      if (outcome !== undefined) this.#observe(outcome);
      this.#wakeNext();
      // A slot that was not there before.
      if (this.#allowed > allowed) this.#wakeNext();
    };
  }

  /** Waits for a slot. @param isWanted asked again and again @returns null as soon as it says no */
  async acquire(isWanted: () => boolean): Promise<ReleaseSlot | null> {
    while (isWanted()) {
      const release = this.tryAcquire();
      if (release !== null) return release;
      await this.#wait();
    }
    // The slot that ended the wait is for another one.
    this.#wakeNext();
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

  #wakeNext(): void {
    const [next] = this.#waiting;
    next?.();
  }

  get #isAway(): boolean {
    return this.#failures >= tripAfter;
  }

  #observe({ isDelivered, status, retryAfterMs }: AttemptOutcome): void {
    if (isDelivered || isRefusal(status)) {
      this.#allowed = Math.min(this.#allowed + 1, this.#concurrency);
      this.#failures = 0;
      this.#probes = null;
      this.#blockedUntil = 0;
      return;
    }
    this.#allowed = Math.min(firstRequests, this.#concurrency);
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

/** The receiver is there, and does not want this event. */
function isRefusal(status: number | null): boolean {
  return status !== null && status >= 400 && status < 500 && !receiversFaults.includes(status);
}
