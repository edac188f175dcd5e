/** Whether accounts and customers are of some brands. */
import type { Account } from '#libs/domain/directory/account.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import type { DirectoryReader } from '#libs/domain/directory/directory.ts';

export type AccountReader = Pick<DirectoryReader, 'customerAccounts' | 'groups'>;
export type IsOwn = (brand: string | null) => boolean;

/** Those of the accounts whose trading group is of one of the brands. */
export async function ownAccounts(isOwn: IsOwn, accounts: Account[], directory: AccountReader): Promise<Account[]> {
  const groups = await directory.groups(new Set(accounts.map(({ group }) => group)));
  return accounts.filter(({ group }) => isOwn(groups.get(group)?.brand ?? null));
}

/** @returns null when there are too many to be looked at */
export async function accountsOf(id: string, directory: AccountReader): Promise<Account[] | null> {
  const linked = (await directory.customerAccounts([id])).get(id);
  return linked === null ? null : (linked ?? []).flatMap(({ account }) => account ?? []);
}

/** By its brand, or by its accounts: rules run by the brand of those, and the customer's own need not be known. */
export async function seesCustomer(isOwn: IsOwn, { id, brand }: Customer, directory: AccountReader): Promise<boolean> {
  if (brand !== undefined && isOwn(brand)) return true;
  const accounts = (await accountsOf(id, directory)) ?? [];
  return (await ownAccounts(isOwn, accounts, directory)).length > 0;
}
