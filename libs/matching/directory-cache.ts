/**
 * Accounts and groups as of one revision of the directory. A change takes out the accounts it names, so that a stream
 * of account events, of this process or of others, does not empty it.
 */
import { LRUCache } from 'lru-cache';
import type { AccountHistory } from '#libs/domain/directory/account-history.ts';
import type { DirectoryReader, TradingGroup } from '#libs/domain/directory/directory.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import type { Account } from '#libs/domain/directory/account.ts';

const maxAccounts = 20_000;
const maxGroups = 5000;

/** Null: the directory has no such record. */
type Cached<T> = { record: T | null };

export class DirectoryCache {
  readonly #reader: DirectoryReader;
  readonly #accounts = new LRUCache<number, Cached<AccountHistory>>({ max: maxAccounts });
  readonly #groups = new LRUCache<string, Cached<TradingGroup>>({ max: maxGroups });
  #revision: number | null = null;
  /** Grows whenever records are taken out: what was read meanwhile may be older than the reason for that. */
  #generation = 0;
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
    const since = this.#revision;
    const { revision, logins } = await this.#reader.changes(since);
    this.#refreshed.add(fetch);
    // Another look at the same time has taken out what changed. A directory that was restored is older than before.
    const isRestored = since !== null && revision < since;
    if (this.#revision !== null && revision <= this.#revision && !isRestored) return;
    if (logins === null) this.#clear();
    else this.forget(logins);
    this.#revision = revision;
  }

  /** These accounts have changed. */
  forget(logins: Iterable<number>): void {
    for (const login of logins) {
      this.#accounts.delete(login);
      this.#generation += 1;
    }
  }

  /** As they are now. */
  async accounts(logins: Iterable<number>): Promise<Map<number, Account>> {
    const accounts = new Map<number, Account>();
    for (const [login, { account }] of await this.histories(logins)) if (account !== null) accounts.set(login, account);
    return accounts;
  }

  /** Also of accounts that were removed. */
  histories(logins: Iterable<number>): Promise<Map<number, AccountHistory>> {
    return this.#through(this.#accounts, logins, (missing) => this.#reader.accountHistories(missing));
  }

  groups(names: Iterable<string>): Promise<Map<string, TradingGroup>> {
    return this.#through(this.#groups, names, (missing) => this.#reader.groups(missing));
  }

  /** Never cached: conditions ask for what runs and people change all the time. */
  async customers(ids: Iterable<string>): Promise<Map<string, Customer>> {
    const wanted = new Set(ids);
    return wanted.size === 0 ? new Map() : this.#reader.customers(wanted);
  }

  /** Never cached: a revision names the account that was linked, not its customer. */
  async customerAccounts(ids: Iterable<string>): Promise<Map<string, AccountHistory[] | null>> {
    const wanted = new Set(ids);
    return wanted.size === 0 ? new Map() : this.#reader.customerAccounts(wanted);
  }

  #clear(): void {
    this.#accounts.clear();
    this.#groups.clear();
    this.#generation += 1;
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
    const generation = this.#generation;
    const records = await read(missing);
    // What was read may be older than a change made meanwhile by another partition: then it is not kept.
    const keep = this.#revision !== null && generation === this.#generation;
    for (const key of missing) {
      const record = records.get(key);
      if (record !== undefined) found.set(key, record);
      if (keep) cache.set(key, { record: record ?? null });
    }
    return found;
  }
}
