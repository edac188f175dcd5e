/**
 * The store, reached on first use. The ingress starts while the store is away: until it answers, every repository
 * method fails with the `store_unavailable` that whoever calls it waits for to pass.
 */
import type { Connection } from 'mongoose';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { connectStore, pingStore } from '#libs/store/connect.ts';
import { ensureIndexes } from '#libs/store/ensure-indexes.ts';

/** A repository: every member is a method that answers later. */
type Repository<T> = { [Name in keyof T]: (...args: never[]) => Promise<unknown> };

export class StoreAccess implements HealthCheck {
  readonly name = 'store';
  readonly #uri: string;
  readonly #log: Logger;
  #connection: Promise<Connection> | null = null;

  constructor(uri: string, log: Logger) {
    this.#uri = uri;
    this.#log = log;
  }

  /** The repository that `make` gives for the connection, usable before there is one. */
  repository<T extends Repository<T>>(make: (connection: Connection) => T): T {
    let made: T | null = null;
    return new Proxy({} as T, {
      get:
        (_, name: string) =>
        async (...args: never[]) => {
          made ??= make(await this.#connect());
          return made[name as keyof T](...args);
        },
    });
  }

  /** Makes the collections and indexes that are missing. @throws RetryableError `store_unavailable` */
  async prepare(): Promise<void> {
    await ensureIndexes(await this.#connect());
  }

  async check(signal: AbortSignal): Promise<void> {
    await pingStore(await this.#connect(), signal);
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
