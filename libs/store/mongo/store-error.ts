/**
 * The one place where errors of the driver and of mongoose become errors of ours. A caller of a repository sees
 * `store_unavailable` (try again later), `document_too_large` and `store_rejected` (trying again cannot help),
 * or what the repository itself throws.
 */
import mongoose from 'mongoose';
import { PermanentError, RetryableError, SignalboxError } from '#libs/domain/errors/errors.ts';

const { mongo } = mongoose;
const { CastError, StrictModeError, ValidationError } = mongoose.Error;

export const duplicateKey = 11000;

/** Driver classes that mean: the server could not be asked, or its answer is not known. */
const unreachable = [
  mongo.MongoNetworkError,
  mongo.MongoServerSelectionError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
  mongo.MongoOperationTimeoutError,
  mongo.MongoClientClosedError,
  mongoose.Error.MongooseServerSelectionError,
];

/** The driver does not export this class: no connection of the pool came free in time. */
const waitQueueTimeout = 'MongoWaitQueueTimeoutError';

/** Server codes of a node that cannot serve now: not primary, shutting down, time limits, failed write concern. */
const unavailableCodes = new Set([
  1, 6, 7, 50, 63, 64, 79, 89, 91, 100, 112, 133, 134, 150, 189, 234, 262, 9001, 10107, 11600, 11602, 13388, 13435,
  13436,
]);

/** Server codes for a document it will never hold: names with a dot or a dollar sign, lists within lists, infinity. */
const rejectedCodes = new Set([2, 9, 14, 52, 55, 56, 57, 238]);

const tooLargeCodes = new Set([10334, 17280, 17419, 17420]);

/** @returns the error a caller should see; our own errors pass unchanged */
export function toStoreError(error: unknown): unknown {
  if (error instanceof SignalboxError || !(error instanceof Error)) return error;
  if (isTooLarge(error)) {
    return new PermanentError('document_too_large', `The store takes documents up to 16 MiB: ${tell(error)}`, {
      cause: error,
    });
  }
  // PostgreSQL below FerretDB: class 22 = a value it cannot hold, class 54 = over one of its limits.
  if (/SQLSTATE (22|54)/.test(error.message) || isRejected(error)) {
    return new PermanentError('store_rejected', `The store cannot hold this value: ${tell(error)}`, { cause: error });
  }
  if (error instanceof CastError || error instanceof StrictModeError || error instanceof ValidationError) {
    const message = `The store cannot hold this value, since it does not fit its schema: ${describeMisfit(error)}`;
    return new PermanentError('store_rejected', message);
  }
  return isUnavailable(error)
    ? new RetryableError('store_unavailable', `The store cannot be reached: ${tell(error)}`, { cause: error })
    : error;
}

/** Gives every method of a repository this mapping. */
export function guarded<T extends object>(repository: T): T {
  const methods = Object.entries(repository as Record<string, (...args: unknown[]) => Promise<unknown>>);
  const mapped = methods.map(([name, method]) => [
    name,
    async (...args: unknown[]): Promise<unknown> => {
      try {
        return await method(...args);
      } catch (error) {
        throw toStoreError(error);
      }
    },
  ]);
  return Object.fromEntries(mapped) as T;
}

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === duplicateKey;
}

/** Takes user and password out of any URI inside a message. */
export function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, '//***@');
}

function isUnavailable(error: Error): boolean {
  if (unreachable.some((kind) => error instanceof kind) || error.name === waitQueueTimeout) return true;
  // What interrupted a bulk write as a whole arrives wrapped, with no code of its own.
  if (error instanceof mongo.MongoBulkWriteError && error.code === undefined) return true;
  if (error instanceof mongo.MongoError && error.hasErrorLabel('RetryableWriteError')) return true;
  return error instanceof mongo.MongoServerError && unavailableCodes.has(Number(error.code));
}

/** Not of a write of many documents: one of them must not be the end of the others. */
function isRejected(error: Error): boolean {
  if (error instanceof mongo.MongoBulkWriteError) return false;
  if (error instanceof mongo.BSON.BSONError || error instanceof mongo.MongoInvalidArgumentError) return true;
  return error instanceof mongo.MongoServerError && rejectedCodes.has(Number(error.code));
}

function isTooLarge(error: Error): boolean {
  if (error instanceof mongo.MongoServerError && tooLargeCodes.has(Number(error.code))) return true;
  if (error instanceof RangeError) return (error as NodeJS.ErrnoException).code === 'ERR_OUT_OF_RANGE';
  return error instanceof mongo.MongoInvalidArgumentError && error.message.includes('larger than the maximum size');
}

/** Names fields alone: mongoose's message, and the error itself, hold the values, which may be secret. */
function describeMisfit(error: Error): string {
  if (error instanceof ValidationError) return Object.values(error.errors).map(describeMisfit).join('; ');
  return error instanceof CastError ? `"${error.path}" takes a ${error.kind.toLowerCase()}` : error.message;
}

function tell(error: Error): string {
  return withoutPassword(error.message);
}
