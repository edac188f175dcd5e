import type { DirectoryActions } from '#libs/domain/directory/directory.ts';
import type { SetCustomerActiveInput } from '#temporal/contract/activities.ts';
import type { EffectResult } from './publish-changes.ts';
import { linkedCustomer } from './require-customer.ts';

/** `set_customer_active`: switches the linked customer on or off, once for each key. */
export function setCustomerActiveActivity(directory: Pick<DirectoryActions, 'setCustomerActive'>) {
  return async (input: SetCustomerActiveInput): Promise<EffectResult> => {
    const customerId = linkedCustomer(input);
    const change = await directory.setCustomerActive(customerId, input.active, input.key);
    const detail = `customer ${customerId}: ${input.active ? 'active' : 'not active'}`;
    const params = { customer: customerId, is_active: input.active };
    const report = { code: 'customer_active_set', params } as const;
    if (change === null) return { detail, report };
    const data = { active: input.active, previous: change.from.active ?? null };
    return { detail, report, emits: [{ type: 'customer.active_changed', data, at: change.at }] };
  };
}
