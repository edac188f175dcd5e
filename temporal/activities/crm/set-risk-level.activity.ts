import type { DirectoryActions } from '#libs/domain/directory/directory.ts';
import type { SetRiskLevelInput } from '#temporal/contract/activities.ts';
import type { EffectResult } from './publish-changes.ts';
import { linkedCustomer } from './require-customer.ts';

/** `customer.set_risk_level`: sets the risk level of the linked customer, once for each key. */
export function setRiskLevelActivity(directory: Pick<DirectoryActions, 'setCustomerRiskLevel'>) {
  return async (input: SetRiskLevelInput): Promise<EffectResult> => {
    const customerId = linkedCustomer(input);
    const change = await directory.setCustomerRiskLevel(customerId, input.riskLevel, input.key);
    const detail = `customer ${customerId}: risk level ${input.riskLevel}`;
    const params = { customer: customerId, level: String(input.riskLevel) };
    const report = { code: 'risk_level_set', params } as const;
    if (change === null) return { detail, report };
    const data = { risk_level: input.riskLevel, previous: change.from.risk_level ?? null };
    return { detail, report, emits: [{ type: 'customer.risk_changed', data, at: change.at }] };
  };
}
