/** Rule definitions for tests that care about one or two fields. */
import type { RuleDefinition } from '#libs/domain/rules/rule.ts';

export function ruleDefinition(given: Partial<RuleDefinition> = {}): RuleDefinition {
  return {
    name: 'Big deposit',
    description: '',
    brand: null,
    trigger_event: 'customer.deposited',
    conditions: { match: 'all', rules: [{ field: 'event.amount', operator: 'gte', value: 1000 }] },
    actions: [{ type: 'notify.manager', params: { title: 'Big deposit' } }],
    priority: 100,
    stop_after: false,
    status: 'active',
    ...given,
  };
}
