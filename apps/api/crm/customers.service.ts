/** Customers and managers of the directory, as far as a session may see them. */
import { goesBy } from '#libs/domain/access/person-names.ts';
import type { Account } from '#libs/domain/directory/account.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import type { DirectoryActions, DirectoryReader } from '#libs/domain/directory/directory.ts';
import { accountsOf } from '#libs/directory/customer-scope.ts';
import { maskValue } from '#libs/domain/masking/masking.ts';
import type { PersonNames } from '#libs/store/access/person-names.reader.ts';
import { maySee, narrowed } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';
import { ApiError } from '../http/api.error.ts';
import type { CustomerAccountView, CustomerView, ManagerView } from './person.schema.ts';

export interface CustomersPorts {
  directory: Pick<DirectoryReader, 'customers' | 'customerAccounts' | 'groups'> & Pick<DirectoryActions, 'manager'>;
  names: PersonNames;
}

export class CustomersService {
  readonly #ports: CustomersPorts;

  constructor(ports: CustomersPorts) {
    this.#ports = ports;
  }

  /**
   * The directory has one customer of an id. A session for some brands sees it by its brand, or by an account of theirs.
   * @param brand the only one that is asked for
   * @throws ApiError 404 `customer_not_found`, 403 `access_denied` for a brand the session is not for
   */
  async customer(session: Session, id: string, brand: string | undefined): Promise<CustomerView> {
    const asking = narrowed(session, brand);
    const customer = (await this.#ports.directory.customers([id])).get(id);
    const accounts = customer === undefined ? [] : await this.#accounts(asking, id);
    const isVisible = maySee(asking, customer?.brand ?? null) || (accounts?.length ?? 0) > 0;
    if (customer === undefined || !isVisible) {
      throw new ApiError(404, 'customer_not_found', 'There is no such customer in the directory.');
    }
    return { ...customerView(customer), accounts };
  }

  /** @throws ApiError 404 `manager_not_found`, also for one who works for no brand of the session */
  async manager(session: Session, id: number): Promise<ManagerView> {
    const manager = await this.#ports.directory.manager(id);
    const brands = manager?.brands?.filter((one) => maySee(session, one));
    if (manager === null || brands?.length === 0) {
      throw new ApiError(404, 'manager_not_found', 'There is no such manager in the directory.');
    }
    const { name, email = null, enabled } = manager;
    const names = await this.#ports.names.namesOf(session.userId);
    const is_caller = goesBy({ userId: session.userId, names }, String(id));
    return { manager_id: id, name, email, enabled, brands: brands ?? null, is_caller };
  }

  /** Null: more than are looked at. */
  async #accounts(session: Session, customerId: string): Promise<CustomerAccountView[] | null> {
    const { directory } = this.#ports;
    const accounts = await accountsOf(customerId, directory);
    if (accounts === null) return null;
    const groups = await directory.groups(new Set(accounts.map(({ group }) => group)));
    return accounts
      .map((account) => accountView(account, groups.get(account.group)?.brand ?? null))
      .filter(({ brand }) => maySee(session, brand));
  }
}

function accountView(account: Account, brand: string | null): CustomerAccountView {
  const { login, group, name = null, enable = null, frozen = false } = account;
  const { frozen_reason = null, frozen_at = null } = account;
  return { login, group, brand, name, enabled: enable, frozen, frozen_reason, frozen_at };
}

function customerView(customer: Customer): Omit<CustomerView, 'accounts'> {
  const { id, brand, country, language, email, kyc_status, kyc_current_level, risk_level, ...rest } = customer;
  const { sales_status, retention_status, active, assigned_manager_id, team_id, desk, manager_id, ...others } = rest;
  const { kyc_status_id: _kyc, sales_status_id: _sales, logins: _logins, ...more } = others;
  const nullable = { brand, country, language, email, kyc_status, kyc_current_level, risk_level, sales_status };
  const further = { retention_status, active, assigned_manager_id, team_id, desk, manager_id };
  return {
    customer_id: id,
    ...withNulls({ ...nullable, ...further }),
    more: maskValue(more) as Record<string, unknown>,
  };
}

type WithNulls<T> = { [Name in keyof T]: Exclude<T[Name], undefined> | null };

function withNulls<T extends object>(fields: T): WithNulls<T> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value ?? null])) as WithNulls<T>;
}
