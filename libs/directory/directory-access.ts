/**
 * Which records of the directory a session for some brands sees, and which it may write. A record of no brand counts
 * for all of them: desks, statuses, templates and endpoints of no brand are seen, and written by administrators of all
 * brands alone. So are groups, which decide whose rules run for an account, and teams.
 */
import type { Account } from '#libs/domain/directory/account.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import type { DirectoryData, DirectoryKind, DirectoryRecord } from '#libs/domain/directory/directory-data.ts';
import type { Manager, Team } from '#libs/domain/directory/directory.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import type { Directory } from '#libs/store/directory/directory.ts';
import { accountsOf, ownAccounts, seesCustomer, type IsOwn } from './customer-scope.ts';

export type AccessDirectory = Pick<Directory, 'accounts' | 'customerAccounts' | 'customers' | 'groups' | 'manager'>;

/** Null: all of them. */
export type Brands = readonly string[] | null;

export class DirectoryAccess {
  readonly #directory: AccessDirectory;

  constructor(directory: AccessDirectory) {
    this.#directory = directory;
  }

  /** @returns for each record whether it is seen */
  async sees<Kind extends DirectoryKind>(
    brands: Brands,
    kind: Kind,
    records: DirectoryRecord<Kind>[],
  ): Promise<boolean[]> {
    if (brands === null) return records.map(() => true);
    const isOwn: IsOwn = (brand) => brand !== null && brands.includes(brand);
    const see = this.#seers[kind] as (isOwn: IsOwn, records: DirectoryRecord<Kind>[]) => Promise<boolean[]>;
    return see(isOwn, records);
  }

  /** @returns why the session may not write the record; null: it may */
  async objection<Kind extends DirectoryKind>(
    brands: Brands,
    kind: Kind,
    record: DirectoryRecord<Kind>,
  ): Promise<string | null> {
    if (brands === null) return null;
    const isOwn: IsOwn = (brand) => brand !== null && brands.includes(brand);
    return this.#objections[kind](isOwn, record);
  }

  readonly #shared = (isOwn: IsOwn, records: { brand?: string }[]): Promise<boolean[]> =>
    Promise.resolve(records.map(({ brand }) => brand === undefined || isOwn(brand)));

  readonly #seers: {
    [Kind in DirectoryKind]: (isOwn: IsOwn, records: DirectoryData[Kind]) => Promise<boolean[]>;
  } = {
    groups: (isOwn, groups) => Promise.resolve(groups.map(({ brand }) => isOwn(brand))),
    accounts: async (isOwn, accounts) => {
      const own = new Set(await ownAccounts(isOwn, accounts, this.#directory));
      return accounts.map((account) => own.has(account));
    },
    customers: (isOwn, customers) =>
      mapLimited(customers, (customer) => seesCustomer(isOwn, customer, this.#directory)),
    managers: (isOwn, managers) => Promise.resolve(managers.map((manager) => seesManager(isOwn, manager))),
    teams: (isOwn, teams) => mapLimited(teams, (team) => this.#seesTeam(isOwn, team)),
    desks: this.#shared,
    statuses: this.#shared,
    templates: this.#shared,
    endpoints: this.#shared,
    users: (_, users) => Promise.resolve(users.map(() => false)),
    user_groups: (_, groups) => Promise.resolve(groups.map(() => false)),
  };

  readonly #objections: {
    [Kind in DirectoryKind]: (isOwn: IsOwn, record: DirectoryRecord<Kind>) => Promise<string | null>;
  } = {
    groups: ofAllBrands('groups'),
    accounts: (isOwn, account) => this.#objectToAccount(isOwn, account),
    customers: (isOwn, customer) => this.#objectToCustomer(isOwn, customer),
    managers: (isOwn, { brands }) =>
      Promise.resolve(brands?.every(isOwn) === true && brands.length > 0 ? null : notAll('managers')),
    teams: ofAllBrands('teams'),
    desks: ofBrand('desks'),
    statuses: ofBrand('statuses'),
    templates: ofBrand('templates'),
    endpoints: ofBrand('endpoints'),
    users: ofAllBrands('users'),
    user_groups: ofAllBrands('user groups'),
  };

  /** As rules may name it: one whose agents are all strangers is none of theirs. */
  async #seesTeam(isOwn: IsOwn, { agent_ids = [] }: Team): Promise<boolean> {
    if (agent_ids.length === 0) return true;
    const managers = await mapLimited(agent_ids, (id) => this.#directory.manager(id));
    return managers.some((manager) => manager !== null && seesManager(isOwn, manager));
  }

  async #objectToAccount(isOwn: IsOwn, account: Account): Promise<string | null> {
    if ((await ownAccounts(isOwn, [account], this.#directory)).length === 0) {
      return 'This session may write accounts of its brands only: the group has to be one of theirs.';
    }
    if (account.customer_id === undefined) return null;
    const customer = (await this.#directory.customers([account.customer_id])).get(account.customer_id);
    const isSeen = customer === undefined || (await seesCustomer(isOwn, customer, this.#directory));
    return isSeen ? null : 'This session may not give accounts to this customer.';
  }

  async #objectToCustomer(isOwn: IsOwn, { id, brand, logins = [] }: Customer): Promise<string | null> {
    const linked = await accountsOf(id, this.#directory);
    const named = await this.#directory.accounts(logins);
    const accounts = [...(linked ?? []), ...named.values()];
    const own = await ownAccounts(isOwn, accounts, this.#directory);
    const isOfBrand = brand === undefined ? own.length > 0 : isOwn(brand);
    if (isOfBrand && linked !== null && own.length === accounts.length) return null;
    return 'This session may write customers whose brand and accounts are its own only.';
  }
}

function seesManager(isOwn: IsOwn, { brands }: Manager): boolean {
  return brands?.some(isOwn) ?? true;
}

function ofBrand(what: string) {
  const objection = `This session may write ${what} of its brands only: name one of them.`;
  return (isOwn: IsOwn, { brand = null }: { brand?: string | null }): Promise<string | null> =>
    Promise.resolve<string | null>(isOwn(brand) ? null : objection);
}

function ofAllBrands(what: string) {
  return (): Promise<string | null> => Promise.resolve<string | null>(notAll(what));
}

function notAll(what: string): string {
  return `This session is for some brands: these ${what} are for administrators of all of them.`;
}
