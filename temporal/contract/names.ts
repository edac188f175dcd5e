/** Names that ingress, worker and operators share. Changing one strands the runs that are open. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

export const runRuleWorkflow = 'runRule';
export const reconcileWorkflow = 'reconcileRuns';

/** Query without arguments: the outcomes of the run's actions so far, as `ActionOutcome[]`. Ended runs answer it, too. */
export const progressQuery = 'progress';

/** Mails have their own queue: a slow mail server holds back nothing else. */
export function mailTaskQueue(taskQueue: string): string {
  return `${taskQueue}-mail`;
}

/** Id of the Temporal Schedule that looks for runs that could not end by themselves. */
export function reconcileSchedule(taskQueue: string): string {
  return `${taskQueue}-reconcile-runs`;
}

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
