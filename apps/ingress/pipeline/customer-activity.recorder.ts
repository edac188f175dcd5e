/**
 * Notes on which days something was heard of a customer, whether or not a rule is for the event: rules about silence
 * need to know of everything. A process writes once for each customer, account and day; for all further events it
 * looks into its memory only, so that events no rule is for stay cheap.
 */
import { LRUCache } from 'lru-cache';
import { toDay, isActivity, type LastActivity, type ActivityLog } from '#libs/domain/events/customer-activity.ts';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { DirectoryCache } from '#libs/matching/directory-cache.ts';

const remembered = 200_000;

export class CustomerActivityRecorder {
  readonly #log: ActivityLog;
  readonly #now: () => number;
  /** The latest day noted for each customer id (text) and login (number). */
  readonly #noted = new LRUCache<string | number, string>({ max: remembered });

  constructor(log: ActivityLog, now: () => number = Date.now) {
    this.#log = log;
    this.#now = now;
  }

  /** Those that may tell something new. */
  news(events: readonly PlatformEvent[]): PlatformEvent[] {
    const today = this.#today();
    return events.filter((event) => {
      const key = toKey(event);
      return key !== null && isActivity(event) && (this.#noted.get(key) ?? '') < dayUpTo(today, event);
    });
  }

  /** Idempotent. @param directory refreshed */
  async note(news: readonly PlatformEvent[], directory: DirectoryCache): Promise<void> {
    const logins = news.flatMap((event) => {
      const key = toKey(event);
      return typeof key === 'number' ? [key] : [];
    });
    const accounts = await directory.accounts(new Set(logins));
    const today = this.#today();
    const activities = new Map<string, LastActivity>();
    const keys = new Map<string | number, string>();
    for (const event of news) {
      const key = toKey(event);
      if (key === null) continue;
      const account = typeof key === 'number' ? accounts.get(key) : undefined;
      // An account that is not known yet may become known, with its customer, before the day is over.
      if (typeof key === 'number' && account === undefined) continue;
      const customerId = typeof key === 'number' ? account?.customer_id : key;
      const day = dayUpTo(today, event);
      if ((keys.get(key) ?? '') < day) keys.set(key, day);
      if (customerId !== undefined) activities.set(`${day} ${customerId}`, { customerId, day });
    }
    if (activities.size > 0) await this.#log.record([...activities.values()]);
    for (const [key, day] of keys) this.#noted.set(key, day);
  }

  #today(): string {
    return toDay(new Date(this.#now()).toISOString());
  }
}

/** A producer's clock may be ahead: silence must not begin in the future. */
function dayUpTo(today: string, { occurredAt }: PlatformEvent): string {
  const day = toDay(occurredAt);
  return day > today ? today : day;
}

/** What names the customer: his id, else the login of his account. */
function toKey({ customerId, account, login }: PlatformEvent): string | number | null {
  return customerId ?? account?.customer_id ?? login;
}
