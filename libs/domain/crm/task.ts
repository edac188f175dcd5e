import type { ActionRecord, ActionRecordStore } from './action-record.ts';

export type TaskStatus = 'open' | 'done';

/** Something a person is to do about a customer. */
export interface Task extends ActionRecord {
  customer_id: string;
  /** What kind of task, in the broker's own words, e.g. `follow_up`. */
  type: string;
  title: string;
  status: TaskStatus;
  /** Manager who is to do it; null = any. */
  assignee_id: number | null;
  /** ISO 8601 UTC; null = at any time. */
  due_at: string | null;
  done_at: string | null;
  /** User who closed it; absent: it is open, or was closed before this was kept. */
  done_by?: string;
  /** When it was told to be overdue; left out until then. */
  overdue_at?: string;
}

export type TaskStore = ActionRecordStore<Task>;

/** Finds the tasks that are overdue. */
export interface OverdueTasks {
  /** Open tasks past their due date that have not been told to be. @param at ISO 8601 UTC */
  overdue(at: string, limit: number): Promise<Task[]>;
  markOverdue(ids: readonly string[], at: string): Promise<void>;
}
