/** A rule: one trigger, a tree of conditions, an ordered chain of actions. Field names are those of the rules API. */

import type { ProcessDeclaration } from './process.ts';

export type Operator =
  | 'eq'
  | 'neq'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'in'
  | 'not_in'
  | 'contains'
  | 'not_contains'
  | 'starts_with'
  | 'ends_with'
  | 'between'
  | 'is_null'
  | 'is_not_null'
  | 'regex';

export interface Predicate {
  field: string;
  operator: Operator;
  value?: unknown;
}
export interface Group {
  match: 'all' | 'any';
  rules: ConditionNode[];
}
export interface Not {
  not: ConditionNode;
}
/** May be nested to any depth: walk it with a loop, never by recursion, and never hand it to `JSON.stringify`. */
export type ConditionNode = Group | Not | Predicate;

export interface RuleAction {
  type: string;
  params: Record<string, unknown>;
}

/** A length of time from a minute to 365 days. */
export interface Span {
  value: number;
  unit: 'minutes' | 'hours' | 'days';
}

/** Runs once, or once in that time, for each customer (see `re-enrollment.ts`). */
export type ReEnroll = 'once' | Span;

/** Runs of the rule beyond `count` in one window of `per` are held until they are released or discarded. */
export interface RunLimit {
  count: number;
  /** Windows follow one another from 1970-01-01T00:00Z on, so those of a day are UTC days. */
  per: Span;
  on_exceed: 'hold';
}

/**
 * - `active`: matched, and executed
 * - `shadow`: matched, and what it would have done is noted; it does nothing
 * - `draft`, `inactive`: not matched; a draft has not been in use yet
 * - `archived`: never matched again, and cannot be changed
 */
export type RuleStatus = 'draft' | 'active' | 'shadow' | 'inactive' | 'archived';

/** What a person may set; archiving is an operation of its own. */
export const writableStatuses = ['draft', 'active', 'shadow', 'inactive'] as const satisfies RuleStatus[];
export const ruleStatuses = [...writableStatuses, 'archived'] as const satisfies RuleStatus[];

/** Whether events are held against it. */
export function isMatched(status: RuleStatus): boolean {
  return status === 'active' || status === 'shadow';
}

/**
 * No colon, since `{rule id}:{event id}` names one run. In an address `.` and `..` mean something else, and `new` is the
 * console's page of a rule that is made.
 */
export const ruleIdPattern = /^(?!(?:\.{1,2}|new)$)[A-Za-z0-9._-]{1,64}$/;
export const ruleIdExpected = 'must be 1 to 64 letters, digits, dots, dashes or underscores, but none of ., .. and new';

/** What a person writes. */
export interface RuleDefinition {
  name: string;
  description: string;
  /** Brand the rule belongs to; null = every brand. */
  brand: string | null;
  trigger_event: string;
  conditions: ConditionNode;
  actions: RuleAction[];
  /** Lower number = earlier; ties by `created_at`, then `id`. */
  priority: number;
  /** When this rule matches, matching rules with a greater `priority` number are skipped for the event. */
  stop_after: boolean;
  status: RuleStatus;
  /** Absent: runs for every event that matches. */
  re_enroll?: ReEnroll;
  /** Absent: runs as often as events match. */
  limit?: RunLimit;
  /** Given: incoming webhooks start it, and events do not. */
  process?: ProcessDeclaration;
}

/** What is stored (`WorkflowRuleRecord`). All times are ISO 8601 UTC. */
export interface Rule extends RuleDefinition {
  id: string;
  /** +1 on each change; a run keeps the version it started with. */
  version: number;
  created_at: string;
  updated_at: string;
  archived_at: string | null;
  created_by: string;
  updated_by: string;
}
