/** A run: one rule carried out for one event, once and for ever. */
import type { RuntimeContext } from './context.ts';
import type { RuleAction } from './rule.ts';

/** Tenant of a run without a brand. */
export const defaultTenant = 'default';

/** An action with its references rendered. */
export interface RunAction extends RuleAction {
  /** Why it cannot be carried out with what the event holds: it fails with this. */
  mistake?: string;
}

/** What starts the workflow. The rule travels as a snapshot, so a later edit never touches a running run. */
export interface RunInput {
  /** Also the Temporal workflow id: `{ruleId}:{eventId}`. */
  executionId: string;
  rule: { id: string; name: string; version: number; priority: number; actions: RunAction[] };
  /** The resolved brand, or `default`. */
  tenant: string;
  event: { id: string; trigger: string; topic: string; occurredAt: string; causation: string[] };
  login: number | null;
  customerId: string | null;
  context: RuntimeContext;
  /** A user's id, or `system`. */
  triggeredBy: string;
}

/**
 * `claimed`: decided and recorded, perhaps not yet started; only the run itself moves it on.
 * `held`: over the rule's `limit`; starts when somebody releases it.
 * `skipped`: matched, but never starts: `reason` says why.
 */
export type RunStatus = 'claimed' | 'held' | 'running' | 'paused' | 'completed' | 'failed' | 'skipped';

export type ActionStatus = 'completed' | 'failed' | 'skipped' | 'not_run' | 'running';

export interface ActionOutcome {
  index: number;
  type: string;
  status: ActionStatus;
  attempts: number;
  started_at: string | null;
  finished_at: string | null;
  /** Masked. */
  detail?: string;
  /** Masked. */
  error?: { code: string; message: string };
}

/** Run-log entry. `run_id` is the execution id. */
export interface RunRecord {
  run_id: string;
  rule_id: string;
  rule_name: string;
  rule_version: number;
  brand: string | null;
  trigger_event: string;
  event_id: string;
  login: number | null;
  customer_id: string | null;
  status: RunStatus;
  /** Why a run was skipped, held or ended early, e.g. `stop_after`, `re_enroll`, `limit`, `discarded`. */
  reason: string | null;
  /** Rule whose `stop_after` skipped this one. */
  stopped_by: string | null;
  claimed_at: string;
  started_at: string | null;
  finished_at: string | null;
  duration_ms: number | null;
  error: { code: string; message: string; action: string | null } | null;
  actions: ActionOutcome[];
  /** Absent: no guard of the rule had anything against the run. */
  guard?: GuardNote;
}

/** Why a guard of the rule kept a run from starting, and what became of it. */
export interface GuardNote {
  /** A sentence for people. */
  note: string;
  /** The run in whose favour `re_enroll` skipped this one; null for `limit`. */
  earlier_run: string | null;
  /** Who released or discarded a held run, and when (ISO 8601 UTC). */
  resolved_by: string | null;
  resolved_at: string | null;
}

/** What the run itself writes of its record. */
export type RunPatch = Pick<RunRecord, 'status' | 'started_at' | 'finished_at' | 'duration_ms' | 'error' | 'actions'>;

export function nodeId(index: number): string {
  return `action-${index}`;
}

/** Same for every attempt and every replay of one action of one run. */
export function idempotencyKey(executionId: string, index: number): string {
  return `${executionId}/${nodeId(index)}`;
}
