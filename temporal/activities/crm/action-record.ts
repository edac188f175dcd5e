import type { ActionRecord } from '#libs/domain/crm/action-record.ts';
import type { ActionTarget } from '#temporal/contract/activities.ts';

/** What every record that an action leaves behind says of the run it comes from. */
export function effectRecord(subject: ActionTarget, id: string = subject.key): ActionRecord {
  return {
    id,
    tenant: subject.tenant,
    run_id: subject.executionId,
    rule_id: subject.ruleId,
    rule_name: subject.ruleName,
    event_id: subject.eventId,
    customer_id: subject.customerId,
    login: subject.login,
    created_at: new Date().toISOString(),
  };
}
