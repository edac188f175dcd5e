import type { DirectoryEffects } from '#libs/domain/directory.ts';
import type { SetCustomerStatusInput, StepResult } from '#temporal/contract/activities.ts';
import { linkedCustomer } from './linked-customer.ts';

/** `customer.set_status` and `set_status`: sets a status of the linked customer, once for each key. */
export function setCustomerStatusActivity(directory: Pick<DirectoryEffects, 'setCustomerStatus'>) {
  return async (input: SetCustomerStatusInput): Promise<StepResult> => {
    const customerId = linkedCustomer(input);
    await directory.setCustomerStatus(customerId, input.kind, input.status, input.key);
    return { detail: `customer ${customerId}: ${input.kind} status ${input.status}` };
  };
}
