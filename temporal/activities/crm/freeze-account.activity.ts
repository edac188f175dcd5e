/**
 * `freeze_account`: freezes the account of the event; without one, every account that the linked customer has under the
 * brand of the run.
 */
import type { FreezeOutcome } from '#libs/domain/directory/account-freeze.ts';
import type { DirectoryActions, DirectoryReader } from '#libs/domain/directory/directory.ts';
import type { Account } from '#libs/domain/directory/account.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { ActionReport } from '#libs/domain/runs/action-report.ts';
import type { FreezeAccountInput } from '#temporal/contract/activities.ts';
import type { EffectResult } from './publish-changes.ts';
import { knownCustomer } from './require-customer.ts';

export type FreezePorts = Pick<DirectoryActions, 'customer' | 'freezeAccounts'> &
  Pick<DirectoryReader, 'accounts' | 'groups' | 'customerAccounts'>;

export function freezeAccountActivity(directory: FreezePorts) {
  return async (input: FreezeAccountInput): Promise<EffectResult> => {
    const { logins, foreign, awaited } = await ofBrand(await findAccounts(input, directory), input, directory);
    if (logins.length === 0) throw foreign.length > 0 ? accountsOfOthers(input) : accountsNotFound(awaited);
    const freeze = { reason: input.reason ?? input.ruleName, at: new Date().toISOString() };
    const outcome = await directory.freezeAccounts(logins, freeze, input.key);
    if (outcome.unknown.length === logins.length) throw accountsNotFound(logins);
    const all = { ...outcome, unknown: [...outcome.unknown, ...awaited] };
    const detail = buildDetail(all, foreign);
    const report = buildReport(all, foreign);
    if (outcome.frozen.length === 0) return { detail, report };
    const data = { logins: outcome.frozen, reason: freeze.reason };
    return { detail, report, emits: [{ type: 'account.frozen', data, at: freeze.at }] };
  };
}

/** @returns by login; null: an account the directory does not have */
async function findAccounts(input: FreezeAccountInput, directory: FreezePorts): Promise<Map<number, Account | null>> {
  const { login } = input;
  if (login !== null) return new Map([[login, (await directory.accounts([login])).get(login) ?? null]]);
  if (input.customerId === null) {
    throw notFound('The event names neither an account nor a customer: publish it with login or customerId');
  }
  const { id } = await knownCustomer(directory, input);
  const linked = (await directory.customerAccounts([id])).get(id);
  if (linked === null) throw tooManyAccounts(id);
  if (linked === undefined) {
    throw notFound(`Customer ${id} has no account: link one by its customer_id, or by the customer's logins`);
  }
  return new Map(linked.map(({ login, account }) => [login, account]));
}

/**
 * A run acts for one brand, and a customer may have accounts with several: a run whose event names none touches no
 * account of any. An account that is linked to the customer and still awaited has no group yet, so its brand is not
 * known: it is left alone.
 */
async function ofBrand(
  accounts: ReadonlyMap<number, Account | null>,
  { tenant }: FreezeAccountInput,
  directory: FreezePorts,
): Promise<{ logins: number[]; foreign: number[]; awaited: number[] }> {
  const known = [...accounts.values()].filter((account) => account !== null);
  const groups = await directory.groups(new Set(known.map(({ group }) => group)));
  const isOwn = ({ group }: Account): boolean => (groups.get(group)?.brand ?? null) === tenant;
  return {
    logins: known.filter(isOwn).map(({ login }) => login),
    foreign: known.filter((account) => !isOwn(account)).map(({ login }) => login),
    awaited: [...accounts].flatMap(([login, account]) => (account === null ? [login] : [])),
  };
}

function tooManyAccounts(customerId: string): PermanentError {
  const mend = 'publish an event with login for each account to be frozen, or raise the limit';
  return new PermanentError(
    'too_many_accounts',
    `Customer ${customerId} has more accounts than CUSTOMER_ACCOUNTS_MAX, and none was frozen: ${mend}`,
  );
}

/** Names none of them: the run may be looked at by those of its own brand alone. */
function accountsOfOthers({ tenant, login, customerId }: FreezeAccountInput): PermanentError {
  const accounts = login === null ? `The accounts of customer ${customerId}` : `The accounts ${login}`;
  const [whose, mend] =
    tenant === null
      ? ['are of a brand, and the event of this run names none', 'publish it with its brand, or with one login']
      : [`belong to no group of brand "${tenant}", for which this run acts`, 'look at their groups'];
  return notFound(`${accounts} ${whose}: ${mend}`);
}

function accountsNotFound(logins: number[]): PermanentError {
  const mend = 'load it with "signalbox directory apply", or let its account.push record come first';
  return notFound(`There is no account ${logins.join(', ')} in the directory: ${mend}`);
}

function notFound(message: string): PermanentError {
  return new PermanentError('account_not_found', message);
}

function buildDetail({ frozen, already, unknown }: FreezeOutcome, foreign: number[]): string {
  const parts: [string, number[]][] = [
    ['frozen', frozen],
    ['frozen before', already],
    ['not in the directory', unknown],
  ];
  const told = parts.flatMap(([what, logins]) => (logins.length === 0 ? [] : `${what}: ${logins.join(', ')}`));
  return [...told, ...(foreign.length === 0 ? [] : ['those of another brand left alone'])].join('; ');
}

function buildReport({ frozen, already, unknown }: FreezeOutcome, foreign: number[]): ActionReport {
  const has_foreign = foreign.length > 0;
  return {
    code: 'accounts_frozen',
    params: { frozen, frozen_before: already, not_in_directory: unknown, has_foreign },
  };
}
