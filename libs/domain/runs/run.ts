/** A run: one rule executed for one event, once and for ever. */
import type { Denial, DenialParams } from './denial.ts';
import type { ActionReport } from './action-report.ts';
import type { RuntimeContext } from '../context/evaluation-context.ts';
import type { RuleAction } from '../rules/rule.ts';

/** Published tenant of a run without a brand. It decides nothing: a brand may be called so, too. */
export const defaultTenant = 'default';

/** An action with its references rendered. */
export interface RunAction extends RuleAction {
  /** Why it cannot be executed with what the event holds: it fails with this. */
  issue?: string;
}

/** What starts the workflow. The rule travels as a snapshot, so a later edit never touches a running run. */
export interface RunInput {
  /** Also the Temporal workflow id: `{ruleId}:{eventId}`. */
  executionId: string;
  rule: { id: string; name: string; version: number; priority: number; actions: RunAction[] };
  /** What its events say: the resolved brand, or `default`. Decisions are made on `context.brand`. */
  tenant: string;
  event: { id: string; trigger: string; topic: string; occurredAt: string; causation: string[] };
  login: number | null;
  customerId: string | null;
  context: RuntimeContext;
  /** A user's id, or `system`. */
  triggeredBy: string;
  /** Given when this run goes on with one that failed. */
  retry?: Retry;
  /** Small and unique, by which incoming webhooks name the run; absent in runs of earlier versions. */
  number?: number;
  /** Given when an incoming webhook has started the run. */
  request?: RequestOrigin;
}

/** The process of which a run is a request. */
export interface RequestOrigin {
  process: string;
  version: number;
  isTest: boolean;
  folder: string | null;
  /**
   * The rule's actions as written, where any refers to the context: they are rendered again when the run has waited, so
   * that they say what the request's data is then. Absent: none refers to anything.
   */
  templates?: RuleAction[];
}

/** Where a run takes up one that failed. */
export interface Retry {
  /** Execution id of the first run of all; its actions' idempotency keys stay in force. */
  of: string;
  /** 1 for the first retry. */
  number: number;
  /** Index of the action to go on with. */
  from: number;
  /** What became of the actions before it. */
  outcomes: ActionOutcome[];
  /** Who had set the failed run off. */
  triggeredBy: string;
  /** Who asked for the retry; absent in runs that began before this was kept. */
  asked?: Intervention;
}

/** What an operator did to a run, and why. */
export interface Intervention {
  what: 'pause' | 'resume' | 'retry' | 'cancel';
  by: string;
  /** Masked. */
  reason: string | null;
  /** ISO 8601 UTC. */
  at: string;
}

/** A record keeps the latest ones. */
export const maxInterventions = 50;

/**
 * `claimed`: decided and recorded, perhaps not yet started; only the run itself moves it on.
 * `held`: over the rule's `limit`; starts when it is released.
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
  /** What the detail says, by a code. Absent: there is no detail, or the action ended before codes were kept. */
  report?: ActionReport;
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
  /** Execution id of the failed run this one goes on with. */
  retry_of?: string;
  /** As of its input. */
  number?: number;
  /** Absent: an event has started it. */
  request?: { process: string; version: number; is_test: boolean; folder: string | null; by: string };
  claimed_at: string;
  started_at: string | null;
  finished_at: string | null;
  duration_ms: number | null;
  error: { code: string; message: string; action: string | null } | null;
  actions: ActionOutcome[];
  /** Absent: there were none. The oldest first. */
  interventions?: Intervention[];
  /** Absent: no guard of the rule had anything against the run. */
  guard?: AdmissionNote;
}

/** Why a guard of the rule kept a run from starting, and what became of it. */
export interface AdmissionNote {
  /** A sentence for people. */
  note: string;
  /** What the note says; absent: the run was kept from starting before codes were kept. */
  code?: Denial['code'];
  params?: DenialParams;
  /** The run in whose favour `re_enroll` skipped this one; null for `limit`. */
  earlier_run: string | null;
  /** Who released or discarded a held run, and when (ISO 8601 UTC). */
  resolved_by: string | null;
  resolved_at: string | null;
}

/** What the run itself writes of its record; `reason` and `interventions` only when it has some. */
export type RunPatch = Pick<RunRecord, 'status' | 'started_at' | 'finished_at' | 'duration_ms' | 'error' | 'actions'> &
  Partial<Pick<RunRecord, 'reason' | 'interventions'>>;

export function nodeId(index: number): string {
  return `action-${index}`;
}

/** Same for every attempt and every replay of one action of one run. For a retry, give the first run's id. */
export function idempotencyKey(executionId: string, index: number): string {
  return `${executionId}/${nodeId(index)}`;
}

/** @returns the execution id of the first run of all, where it is a retry: that of the request's data */
export function firstRunId({ executionId, retry }: Pick<RunInput, 'executionId' | 'retry'>): string {
  return retry?.of ?? executionId;
}

/** People behind a run: who started it or the run it goes on with, and whom its event names as acting. */
export function findInitiators({ triggeredBy, retry, context }: RunInput): string[] {
  const { actor_id, actorId, user_id, userId } = context.event;
  const people = [triggeredBy, retry?.triggeredBy, actor_id, actorId, user_id, userId];
  const named = people.filter((person) => typeof person === 'string' || typeof person === 'number').map(String);
  return [...new Set(named)].filter((person) => person !== 'system');
}
