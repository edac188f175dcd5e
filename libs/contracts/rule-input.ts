import { z } from 'zod';

/** A rule as a person writes it. What it has to be like is said by `libs/domain/validation/validate-rule.ts` alone. */
export const ruleInput = z.unknown();

/** For the description of the API. */
export const ruleExample = {
  name: 'VIP deposit',
  brand: 'alpha',
  trigger_event: 'customer.deposited',
  conditions: { field: 'event.amount', operator: 'gte', value: 10_000 },
  actions: [{ type: 'notify.manager', params: { title: 'VIP deposit' } }],
  status: 'draft',
};
