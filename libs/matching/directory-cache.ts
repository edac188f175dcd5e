/**
 * Accounts and groups as of one revision of the directory. Somebody else's change clears the cache; the changes this
 * process makes itself only take out the account concerned, so that a stream of account events does not empty it.
 */
import { LRUCache } from 'lru-cache';
import type { Account, Customer, DirectoryReader, TradingGroup } from '#libs/domain/directory.ts';

const maxAccounts = 20_000;
const maxGroups = 5000;

/** Null: the directory has no such record. */
type Cached<T> = { record: T | null };

export class DirectoryCache {
  readonly #reader: DirectoryReader;
  readonly #accounts = new LRUCache<number, Cached<Account>>({ max: maxAccounts });
  readonly #groups = new LRUCache<string, Cached<TradingGroup>>({ max: maxGroups });
  #revision: number | null = null;
  readonly #refreshed = new WeakSet<object>();

  constructor(reader: DirectoryReader) {
    this.#reader = reader;
  }

  /**
   * Call before anything is read. Messages that were fetched together need one look at the revision: it comes after
   * the fetch, so it shows every change that was made before any of them was published.
   */
  async refresh(fetch: object): Promise<void> {
    if (this.#refreshed.has(fetch)) return;
    this.#moveTo(await this.#reader.revision());
    this.#refreshed.add(fetch);
  }

  /** This process has changed an account, which led to the revision. */
  changed(login: number, revision: number): void {
    if (this.#revision !== null && revision === this.#revision + 1) this.#revision = revision;
    else this.#moveTo(revision);
    this.#accounts.delete(login);
  }

  accounts(logins: Iterable<number>): Promise<Map<number, Account>> {
    return this.#through(this.#accounts, logins, (missing) => this.#reader.accounts(missing));
  }

  groups(names: Iterable<string>): Promise<Map<string, TradingGroup>> {
    return this.#through(this.#groups, names, (missing) => this.#reader.groups(missing));
  }

  /** Never cached: conditions ask for what runs and people change all the time. */
  async customers(ids: Iterable<string>): Promise<Map<string, Customer>> {
    const wanted = new Set(ids);
    return wanted.size === 0 ? new Map() : this.#reader.customers(wanted);
  }

  #moveTo(revision: number): void {
    if (revision === this.#revision) return;
    this.#accounts.clear();
    this.#groups.clear();
    this.#revision = revision;
  }

  async #through<K extends number | string, T extends object>(
    cache: LRUCache<K, Cached<T>>,
    keys: Iterable<K>,
    read: (missing: Set<K>) => Promise<Map<K, T>>,
  ): Promise<Map<K, T>> {
    const found = new Map<K, T>();
    const missing = new Set<K>();
    for (const key of keys) {
      const cached = cache.get(key);
      if (cached === undefined) missing.add(key);
      else if (cached.record !== null) found.set(key, cached.record);
    }
    if (missing.size === 0) return found;
    const asOf = this.#revision;
    const records = await read(missing);
    // What was read may be older than a change made meanwhile by another partition: then it is not kept.
    const keep = asOf !== null && asOf === this.#revision;
    for (const key of missing) {
      const record = records.get(key);
      if (record !== undefined) found.set(key, record);
      if (keep) cache.set(key, { record: record ?? null });
    }
    return found;
  }
}
