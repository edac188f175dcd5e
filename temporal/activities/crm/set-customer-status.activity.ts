import type { CustomerChange } from '#libs/domain/directory/customer-change.ts';
import type { DirectoryActions, StatusKind } from '#libs/domain/directory/directory.ts';
import type { SetCustomerStatusInput } from '#temporal/contract/activities.ts';
import type { EffectResult, EmittedEvent } from './publish-changes.ts';
import { linkedCustomer } from './require-customer.ts';

/** `customer.set_status` and `set_status`: sets a status of the linked customer, once for each key. */
export function setCustomerStatusActivity(directory: Pick<DirectoryActions, 'setCustomerStatus'>) {
  return async (input: SetCustomerStatusInput): Promise<EffectResult> => {
    const customerId = linkedCustomer(input);
    const change = await directory.setCustomerStatus(customerId, input.kind, input.status, input.key);
    const emits = change === null ? [] : statusChanged(input.kind, change);
    const { kind, status } = input;
    const report = { code: 'status_set', params: { customer: customerId, kind, status: String(status) } } as const;
    return { detail: `customer ${customerId}: ${kind} status ${status}`, report, emits };
  };
}

const fields = {
  sales: { code: 'sales_status', id: 'sales_status_id' },
  kyc: { code: 'kyc_status', id: 'kyc_status_id' },
} as const satisfies Record<StatusKind, object>;

/** Nothing for a customer who had the status already and only lacked its id. */
function statusChanged(kind: StatusKind, { from, to, at }: CustomerChange): EmittedEvent[] {
  const { code, id } = fields[kind];
  if (from[code] === to[code] && from[id] === undefined) return [];
  const data = { kind, status: to[code], status_id: to[id], previous: from[code] ?? null };
  return [{ type: 'customer.status_changed', data, at }];
}
