import { PermanentError } from '#libs/domain/errors.ts';
import type { StepSubject } from '#temporal/contract/activities.ts';

/**
 * The customer an action changes. An action that silently did nothing would hide a wrong rule.
 * @throws PermanentError `customer_not_linked`
 */
export function linkedCustomer({ customerId, login }: StepSubject): string {
  if (customerId !== null) return customerId;
  const subject = login === null ? 'The event' : `Account ${login}`;
  throw new PermanentError('customer_not_linked', `${subject} is linked to no customer`);
}
