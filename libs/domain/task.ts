import type { EffectRecord, EffectRecordStore } from './effect-record.ts';

export type TaskStatus = 'open' | 'done';

/** Something a person is to do about a customer. */
export interface Task extends EffectRecord {
  customer_id: string;
  /** What kind of task, in the broker's own words, e.g. `follow_up`. */
  type: string;
  title: string;
  status: TaskStatus;
  /** Manager who is to do it; null = whoever takes it. */
  assignee_id: number | null;
  /** ISO 8601 UTC; null = at any time. */
  due_at: string | null;
  done_at: string | null;
}

export type TaskStore = EffectRecordStore<Task>;
