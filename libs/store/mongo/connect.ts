/** The way into the store: one connection of the process's own, never mongoose's global one. */
import mongoose, { type Connection } from 'mongoose';
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import { endWritesWithTheirConnection } from './driver-patch.ts';
import { toStoreError, withoutPassword } from './store-error.ts';

/** What this file tells the log; a pino logger fits. */
export interface StoreLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/**
 * What is acknowledged is on the disks of most members, and what is read is there for good: a primary that fails takes
 * back neither. Stated here, so that neither a server's default nor the URI decides it.
 */
const durability = {
  w: 'majority',
  journal: true,
  readConcernLevel: 'majority',
  readPreference: 'primary',
} as const;

export interface ConnectOptions {
  log?: StoreLog;
  /** Operations under way at once. */
  poolSize?: number;
  /** How long an operation waits for a server to be there, in milliseconds. */
  serverSelectionTimeoutMs?: number;
}

/**
 * Connects to the store. The driver reconnects by itself; while the server is away every operation fails with
 * `store_unavailable` after `serverSelectionTimeoutMs` instead of waiting in memory.
 *
 * @param uri `mongodb://host:port/database`
 * @throws RetryableError `store_unavailable` when no server answers, PermanentError `store_uri_invalid`
 */
export async function connectStore(uri: string, options: ConnectOptions = {}): Promise<Connection> {
  const { log, poolSize = 32, serverSelectionTimeoutMs = 5_000 } = options;
  let connection: Connection;
  endWritesWithTheirConnection();
  try {
    connection = mongoose.createConnection(uri, {
      ...durability,
      appName: 'signalbox',
      // Indexes are made by `ensureIndexes`, once at start, not behind the first query's back.
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
      ignoreUndefined: true,
      maxPoolSize: poolSize,
      serverSelectionTimeoutMS: serverSelectionTimeoutMs,
      connectTimeoutMS: serverSelectionTimeoutMs,
      // A connection that went silent must not hold its caller for ever.
      socketTimeoutMS: 30_000,
    });
  } catch (error) {
    throw invalidUri(error);
  }
  // Without a listener the first lost heartbeat would end the process.
  connection.on('error', (error: unknown) => log?.warn({ reason: toReason(error) }, 'store connection'));
  connection.on('disconnected', () => log?.warn({}, 'store connection lost'));
  connection.on('reconnected', () => log?.info({}, 'store connection is back'));
  try {
    return await connection.asPromise();
  } catch (error) {
    await connection.close(true).catch(() => undefined);
    throw isUriError(error) ? invalidUri(error) : toStoreError(error);
  }
}

/** A round trip to the server and its storage. @throws RetryableError `store_unavailable` */
export async function pingStore(connection: Connection, signal: AbortSignal): Promise<void> {
  try {
    await connection.collection<{ _id: string }>('partition_watermarks').findOne({ _id: 'ping' }, { signal });
  } catch (error) {
    throw toStoreError(error);
  }
}

/** Writes one document and reads it back: a server may answer and take no writes. @throws as `pingStore` */
export async function probeStore(connection: Connection, signal: AbortSignal): Promise<void> {
  const probes = connection.collection<{ _id: string; at: number }>('probes');
  const at = Date.now();
  try {
    await probes.updateOne({ _id: 'probe' }, { $max: { at } }, { upsert: true });
    const found = await probes.findOne({ _id: 'probe' }, { signal });
    if (found === null || found.at < at) throw new RetryableError('store_unavailable', 'The store keeps no writes');
  } catch (error) {
    throw toStoreError(error);
  }
}

/** The parser of connection strings has error classes of its own, so the name decides. */
function isUriError(error: unknown): boolean {
  return error instanceof Error && ['MongoParseError', 'MongoInvalidArgumentError', 'TypeError'].includes(error.name);
}

/** Carries no cause: the driver's own error holds the whole URI. */
function invalidUri(error: unknown): PermanentError {
  return new PermanentError('store_uri_invalid', `MONGODB_URI cannot be used: ${toReason(error)}`);
}

function toReason(error: unknown): string {
  return withoutPassword(error instanceof Error ? error.message : String(error));
}
