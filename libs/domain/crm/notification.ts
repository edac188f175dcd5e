import type { ActionRecord } from './action-record.ts';

/** A message to one manager; `id` is `{idempotency key}/{manager id}`. */
export interface Notification extends ActionRecord {
  manager_id: number;
  title: string;
  message: string;
}

export interface NotificationStore {
  /** Adds those whose `id` is not known; the others are left as they are. */
  add(notifications: Notification[]): Promise<void>;
}
