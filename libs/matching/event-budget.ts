/**
 * How long matching one event may hold up its partition. Events of a trigger and brand whose rules took longer are not
 * tried in the partition for a while: they are postponed at once.
 */
export class EventBudget {
  /** Milliseconds. */
  readonly eventMs: number;
  readonly #forgetMs: number;
  /** Until when the rules of a trigger and brand count as slow. */
  readonly #slow = new Map<string, number>();

  /** @param forgetMs how long rules count as slow when nothing is heard of them, in milliseconds */
  constructor(eventMs: number, forgetMs = 60_000) {
    this.eventMs = eventMs;
    this.#forgetMs = forgetMs;
  }

  isSlow(trigger: string, brand: string | null, now = Date.now()): boolean {
    if (this.#slow.size === 0) return false;
    const key = toKey(trigger, brand);
    const until = this.#slow.get(key);
    if (until === undefined || until > now) return until !== undefined;
    this.#slow.delete(key);
    return false;
  }

  /** @param tookMs matching one event, milliseconds */
  note(trigger: string, brand: string | null, tookMs: number, now = Date.now()): void {
    if (tookMs > this.eventMs) this.#slow.set(toKey(trigger, brand), now + this.#forgetMs);
    else this.#slow.delete(toKey(trigger, brand));
  }
}

function toKey(trigger: string, brand: string | null): string {
  return JSON.stringify([trigger, brand]);
}
