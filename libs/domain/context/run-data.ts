/** Typed data of a run that was started as a request: what was sent when it was created, and what was changed since. */
import { isJsonObject } from '../json/json-object.ts';
import { writeJson } from '../json/stringify-json.ts';

/** A file of a request. Its content lies in the file store, never in a run's history. */
export interface FileReference {
  /** Its key in the file store. */
  file_id: string;
  name: string;
  /** Media type. */
  content_type: string;
  /** Bytes. */
  size: number;
  description: string | null;
  /** ISO 8601 UTC, as the sender states it. */
  updated_at: string | null;
}

/** TEXT: text; NUMERIC: number; DATETIME: ISO 8601 UTC text; FILE: reference; null: no value was given. */
export type DataValue = string | number | FileReference | null;

/** By name of the data item; only items that the process declares. */
export type RunData = Record<string, DataValue>;

/** Characters as JSON, of what is set at once and of all that was changed: it goes through Temporal, which takes 2 MB. */
export const maxDataLength = 131_072;

/** @returns what is wrong with values that are to be set, continuing "the data …", or null. Never says a value. */
export function runDataIssue(values: unknown): string | null {
  if (!isJsonObject(values)) return 'must be an object';
  const wrong = Object.entries(values).find(([, value]) => !isDataValue(value));
  if (wrong !== undefined) return `must hold texts, numbers, files and null: ${wrong[0]} is none of them`;
  return writeJson(values).length > maxDataLength
    ? `must not be longer than ${maxDataLength} characters as JSON`
    : null;
}

function isDataValue(value: unknown): value is DataValue {
  if (value === null || typeof value === 'string') return true;
  return typeof value === 'number'
    ? Number.isFinite(value)
    : isJsonObject(value) && typeof value['file_id'] === 'string';
}

/** @param changes lie over what the context holds */
export function withData<Context extends { data?: RunData }>(context: Context, changes: RunData): Context {
  return { ...context, data: { ...context.data, ...changes } };
}

export interface RunDataStore {
  /**
   * What was changed since the run's start: lies over `context.data` of its input.
   * @param runId of the first run of all, where it is a retry: `retry.of` of its input
   */
  changes(runId: string): Promise<RunData>;
  /**
   * Sets the values given and leaves the others.
   * @param key the same for a repetition, which changes nothing
   * @throws PermanentError `invalid_parameter` when all that was changed together is too long
   */
  save(runId: string, values: RunData, key: string): Promise<void>;
}
