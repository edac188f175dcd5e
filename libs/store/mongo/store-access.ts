/**
 * The store, reached on first use, for processes that start while it is away: until it answers, every repository
 * method fails with `store_unavailable`, which the caller waits for to pass or tells its own caller.
 */
import type { Connection } from 'mongoose';
import { connectStore, pingStore, probeStore, type StoreLog } from './connect.ts';
import { ensureIndexes } from './ensure-indexes.ts';

/** A repository: every member is a method that answers later. */
export type Repository<T> = { [Name in keyof T]: (...args: never[]) => Promise<unknown> };

const noMethods: ReadonlySet<string> = new Set([
  'then',
  'onModuleInit',
  'onApplicationBootstrap',
  'onModuleDestroy',
  'beforeApplicationShutdown',
  'onApplicationShutdown',
]);

export class StoreAccess {
  readonly name = 'store';
  readonly #uri: string;
  readonly #log: StoreLog;
  #connection: Promise<Connection> | null = null;

  constructor(uri: string, log: StoreLog) {
    this.#uri = uri;
    this.#log = log;
  }

  /**
   * The repository that `make` gives for the connection, usable before there is one. It seems to have a method of every
   * name but those that promises and Nest look for in what they hold.
   */
  repository<T extends Repository<T>>(make: (connection: Connection) => T): T {
    let made: T | null = null;
    return new Proxy({} as T, {
      get: (_, name) => {
        if (typeof name === 'symbol' || noMethods.has(name)) return undefined;
        return async (...args: never[]) => {
          made ??= make(await this.#connect());
          return made[name as keyof T](...args);
        };
      },
    });
  }

  /** Makes the collections and indexes that are missing. @throws RetryableError `store_unavailable` */
  async prepare(): Promise<void> {
    await ensureIndexes(await this.#connect());
  }

  /** The readiness check of a process. @throws RetryableError `store_unavailable` */
  async check(signal: AbortSignal): Promise<void> {
    await pingStore(await this.#connect(), signal);
  }

  /** Whether the store takes writes, told by writing. @throws what the driver throws */
  async probe(signal: AbortSignal): Promise<void> {
    await probeStore(await this.#connect(), signal);
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => null);
    await connection?.close();
  }

  /** Callers share an attempt; after one that failed the next caller makes another. */
  #connect(): Promise<Connection> {
    this.#connection ??= connectStore(this.#uri, { log: this.#log }).catch((error: unknown) => {
      this.#connection = null;
      throw error;
    });
    return this.#connection;
  }
}
