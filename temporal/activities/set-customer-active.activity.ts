import type { DirectoryEffects } from '#libs/domain/directory.ts';
import type { SetCustomerActiveInput, StepResult } from '#temporal/contract/activities.ts';
import { linkedCustomer } from './linked-customer.ts';

/** `set_customer_active`: switches the linked customer on or off, once for each key. */
export function setCustomerActiveActivity(directory: Pick<DirectoryEffects, 'setCustomerActive'>) {
  return async (input: SetCustomerActiveInput): Promise<StepResult> => {
    const customerId = linkedCustomer(input);
    await directory.setCustomerActive(customerId, input.active, input.key);
    return { detail: `customer ${customerId}: ${input.active ? 'active' : 'not active'}` };
  };
}
