import type { ActionRecord } from './action-record.ts';

/** A message to one manager; `id` is `{idempotency key}/{manager id}`. */
export interface Notification extends ActionRecord {
  manager_id: number;
  title: string;
  message: string;
  /** Set when it is stored. Absent: it is of a time before notifications could be read, and counts as read. */
  state?: NotificationState;
  /** ISO 8601 UTC. */
  read_at?: string;
  /** User who marked it as read. */
  read_by?: string;
}

export type NotificationState = 'unread' | 'read';

export interface NotificationStore {
  /** Adds those whose `id` is not known, as unread; the others are left as they are. */
  add(notifications: Notification[]): Promise<void>;
}
