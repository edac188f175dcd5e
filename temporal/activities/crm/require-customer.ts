/** The customer an action is about. An action that silently did nothing would hide a wrong rule. */
import type { DirectoryActions } from '#libs/domain/directory/directory.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { customerNotFound } from '#libs/domain/directory/not-found.ts';
import type { ActionTarget } from '#temporal/contract/activities.ts';

/** @returns the customer's id. @throws PermanentError `customer_not_linked` */
export function linkedCustomer({ customerId, login }: ActionTarget): string {
  if (customerId !== null) return customerId;
  const subject = login === null ? 'The event' : `Account ${login}`;
  throw new PermanentError('customer_not_linked', `${subject} is linked to no customer`);
}

/** @throws PermanentError `customer_not_linked`, `customer_not_found` */
export async function knownCustomer(
  directory: Pick<DirectoryActions, 'customer'>,
  subject: ActionTarget,
): Promise<Customer> {
  const id = linkedCustomer(subject);
  const customer = await directory.customer(id);
  if (customer === null) throw customerNotFound(id);
  return customer;
}
