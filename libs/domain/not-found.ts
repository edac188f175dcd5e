/** What an action names and the directory does not have. A person has to mend the rule or the directory. */
import { PermanentError } from './errors.ts';

export function customerNotFound(id: string): PermanentError {
  const mend = 'load it with "signalbox directory apply", or let customer.registered of it come first';
  return new PermanentError('customer_not_found', `There is no customer "${id}" in the directory: ${mend}`);
}

export function managerNotFound(id: number): PermanentError {
  const mend = 'name one that "signalbox directory list managers" shows as enabled';
  return new PermanentError('manager_not_found', `Manager ${id} is unknown or not enabled: ${mend}`);
}
