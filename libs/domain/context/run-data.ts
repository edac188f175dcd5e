/** Typed data of a run that was started as a request: what was sent when it was created, and what was changed since. */

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

export interface RunDataStore {
  /**
   * What was changed since the run's start: lies over `context.data` of its input.
   * @param runId of the first run of all, where it is a retry: `retry.of` of its input
   */
  changes(runId: string): Promise<RunData>;
  /** Sets the values given and leaves the others. @param key the same for a repetition, which changes nothing */
  save(runId: string, values: RunData, key: string): Promise<void>;
}
