/** Names that ingress, worker and operators share. Changing one strands the runs that are open. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

export const runRuleWorkflow = 'runRule';

/** Mails have their own queue: a slow mail server holds back nothing else. */
export function mailTaskQueue(taskQueue: string): string {
  return `${taskQueue}-mail`;
}

/** Holds a rule against recorded events; see `contract/backtest.ts`. */
export const backtestWorkflow = 'backtestRule';

/** Backtests read much and are in no hurry: they have their own queue and take turns. */
export function backtestTaskQueue(taskQueue: string): string {
  return `${taskQueue}-backtest`;
}

/** A command to many runs; see `contract/bulk.ts`. */
export const bulkWorkflow = 'executeBulkOperation';

/** Bulk operations must not hold up runs: they have their own queue. */
export function bulkTaskQueue(taskQueue: string): string {
  return `${taskQueue}-bulk`;
}

/** Workflows that Temporal Schedules start, and the ids of their schedules. */
export const schedules = [
  { workflow: 'reconcileRuns', idOf: (taskQueue: string) => `${taskQueue}-reconcile-runs` },
  { workflow: 'detectOverdueTasks', idOf: (taskQueue: string) => `${taskQueue}-overdue-tasks` },
  { workflow: 'detectInactiveCustomers', idOf: (taskQueue: string) => `${taskQueue}-inactive-customers` },
] as const;

export const searchAttributes = {
  ruleId: defineSearchAttributeKey('RuleId', SearchAttributeType.KEYWORD),
  brand: defineSearchAttributeKey('Brand', SearchAttributeType.KEYWORD),
  triggerEvent: defineSearchAttributeKey('TriggerEvent', SearchAttributeType.KEYWORD),
  eventId: defineSearchAttributeKey('EventId', SearchAttributeType.KEYWORD),
  customerId: defineSearchAttributeKey('CustomerId', SearchAttributeType.KEYWORD),
  login: defineSearchAttributeKey('Login', SearchAttributeType.INT),
  /** `paused` while the run waits for people; absent otherwise, since Temporal's own status says the rest. */
  runState: defineSearchAttributeKey('RunState', SearchAttributeType.KEYWORD),
};
