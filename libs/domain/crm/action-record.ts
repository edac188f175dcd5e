/** What an action leaves behind as a record of its own: a notification, a task, a note. */
export interface ActionRecord {
  /** The idempotency key of the action, or begins with it: the same for every attempt. Stored as `_id`. */
  id: string;
  /** Brand of the run; null = none. */
  tenant: string | null;
  run_id: string;
  rule_id: string;
  rule_name: string;
  event_id: string;
  customer_id: string | null;
  login: number | null;
  created_at: string;
}

/** Records that are added once, however often their action is attempted. */
export interface ActionRecordStore<R extends ActionRecord> {
  find(id: string): Promise<R | null>;
  /** Adds it unless its `id` is known. @returns what is stored now: the record of the first attempt */
  add(record: R): Promise<R>;
}
