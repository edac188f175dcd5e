/** A rate limit: one token bucket for each key, kept in this process alone. */
import { LRUCache } from 'lru-cache';

interface Bucket {
  tokens: number;
  /** Milliseconds. */
  at: number;
}

/** The key that was used longest ago is forgotten first, and begins anew. */
const maxKeys = 10_000;
const minuteMs = 60_000;

export class RateLimit {
  readonly #perMinute: number;
  readonly #now: () => number;
  readonly #buckets = new LRUCache<string, Bucket>({ max: maxKeys });

  /** @param perMinute on average, and as many at once */
  constructor(perMinute: number, now: () => number = () => performance.now()) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /**
   * @param count how much of it, not more than what is allowed in a minute
   * @returns null when it may be done, and was counted; else the whole seconds after which it may
   */
  take(key: string, count = 1): number | null {
    const at = this.#now();
    const { tokens, at: before } = this.#buckets.get(key) ?? { tokens: this.#perMinute, at };
    const filled = Math.min(this.#perMinute, tokens + ((at - before) / minuteMs) * this.#perMinute);
    const isAllowed = filled >= count;
    this.#buckets.set(key, { tokens: isAllowed ? filled - count : filled, at });
    return isAllowed ? null : Math.ceil((((count - filled) / this.#perMinute) * minuteMs) / 1000);
  }
}
