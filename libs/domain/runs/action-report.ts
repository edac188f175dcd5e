/** What an action did: a stable code and the values it is about, beside the English `detail` of the outcome. */

export const actionReportCodes = [
  'accounts_frozen',
  'action_disabled',
  'approval_expired',
  'approval_rejected',
  'approved',
  'cancelled',
  'counter_raised',
  'customer_active_set',
  'customer_assigned',
  'customer_stays',
  'ended_with_error',
  'mail_sent',
  'managers_notified',
  'note_added',
  'risk_level_set',
  'sms_sent',
  'status_set',
  'task_created',
  'webhook_called',
] as const;

export const notifiedBecause = ['named by the rule', 'of the customer', 'broadcast'] as const;

/** Masked, as the `detail` is. */
export interface ActionReportParams {
  customer?: string;
  /** Null: none yet. */
  manager?: number | null;
  managers?: number[];
  because?: (typeof notifiedBecause)[number];
  team?: string | null;
  desk?: string | null;
  /** Type of a task. */
  task?: string;
  /** Of a task, or until when an approval could be given; ISO 8601 UTC. */
  due?: string | null;
  is_active?: boolean;
  kind?: 'sales' | 'kyc';
  status?: string;
  level?: string;
  counter?: string;
  /** What a counter was raised by, or how many approvers were needed. */
  count?: number;
  /** Logins. */
  frozen?: number[];
  frozen_before?: number[];
  not_in_directory?: number[];
  /** Accounts of another brand were left alone. */
  has_foreign?: boolean;
  to?: string;
  template?: string | null;
  /** Method and address, or name, of a call. */
  request?: string;
  http_status?: number;
  duration_ms?: number;
  /** The people who answered, with their comments. */
  by?: string;
  message?: string | null;
  source?: string | null;
  /** How the run goes on behind it. */
  path?: 'continue' | 'stop';
}

export interface ActionReport {
  code: (typeof actionReportCodes)[number];
  params?: ActionReportParams;
}

export interface Reported {
  detail?: string;
  report?: ActionReport;
}

/** @returns what an action reports, without names that hold nothing */
export function reported({ detail, report }: Reported): Reported {
  return { ...(detail !== undefined && { detail }), ...(report !== undefined && { report }) };
}
