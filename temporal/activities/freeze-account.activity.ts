/** `freeze_account`: freezes the account of the event; without one, every account of the linked customer. */
import type { FreezeOutcome } from '#libs/domain/account-freeze.ts';
import type { DirectoryEffects } from '#libs/domain/directory.ts';
import { PermanentError } from '#libs/domain/errors.ts';
import type { FreezeAccountInput } from '#temporal/contract/activities.ts';
import type { EffectResult } from './effect-events.ts';
import { knownCustomer } from './linked-customer.ts';

type Directory = Pick<DirectoryEffects, 'customer' | 'freezeAccounts'>;

export function freezeAccountActivity(directory: Directory) {
  return async (input: FreezeAccountInput): Promise<EffectResult> => {
    const logins = await accountsOf(input, directory);
    const freeze = { reason: input.reason ?? input.ruleName, at: new Date().toISOString() };
    const outcome = await directory.freezeAccounts(logins, freeze, input.key);
    if (outcome.unknown.length === logins.length) throw accountsNotFound(logins);
    if (outcome.frozen.length === 0) return { detail: detailOf(outcome) };
    const data = { logins: outcome.frozen, reason: freeze.reason };
    return { detail: detailOf(outcome), emits: [{ type: 'account.frozen', data, at: freeze.at }] };
  };
}

async function accountsOf(input: FreezeAccountInput, directory: Directory): Promise<number[]> {
  if (input.login !== null) return [input.login];
  if (input.customerId === null) {
    throw notFound('The event names neither an account nor a customer: publish it with login or customerId');
  }
  const { id, logins = [] } = await knownCustomer(directory, input);
  if (logins.length === 0) {
    throw notFound(`Customer ${id} has no account: link one by its customer_id, or by the customer's logins`);
  }
  return logins;
}

function accountsNotFound(logins: number[]): PermanentError {
  const mend = 'load it with "signalbox directory apply", or let its account.push record come first';
  return notFound(`There is no account ${logins.join(', ')} in the directory: ${mend}`);
}

function notFound(message: string): PermanentError {
  return new PermanentError('account_not_found', message);
}

function detailOf({ frozen, already, unknown }: FreezeOutcome): string {
  const parts: [string, number[]][] = [
    ['frozen', frozen],
    ['frozen before', already],
    ['not in the directory', unknown],
  ];
  return parts.flatMap(([what, logins]) => (logins.length === 0 ? [] : `${what}: ${logins.join(', ')}`)).join('; ');
}
