/** A message to one manager. */
export interface Notification {
  /** `{idempotency key}/{manager id}`: the same for every attempt of the action that sends it. */
  id: string;
  manager_id: number;
  title: string;
  message: string;
  /** Brand of the run, or `default`. */
  tenant: string;
  run_id: string;
  rule_id: string;
  rule_name: string;
  event_id: string;
  customer_id: string | null;
  login: number | null;
  created_at: string;
}

export interface NotificationStore {
  /** Adds those whose `id` is not known; the others are left as they are. `id` is stored as `_id`. */
  add(notifications: Notification[]): Promise<void>;
}
