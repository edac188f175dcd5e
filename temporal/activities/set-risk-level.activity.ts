import type { DirectoryEffects } from '#libs/domain/directory.ts';
import type { SetRiskLevelInput, StepResult } from '#temporal/contract/activities.ts';
import { linkedCustomer } from './linked-customer.ts';

/** `customer.set_risk_level`: sets the risk level of the linked customer, once for each key. */
export function setRiskLevelActivity(directory: Pick<DirectoryEffects, 'setCustomerRiskLevel'>) {
  return async (input: SetRiskLevelInput): Promise<StepResult> => {
    const customerId = linkedCustomer(input);
    await directory.setCustomerRiskLevel(customerId, input.riskLevel, input.key);
    return { detail: `customer ${customerId}: risk level ${input.riskLevel}` };
  };
}
