/**
 * The directory: who the broker's accounts, customers and managers are. signalbox reads it to resolve brands and
 * evaluate conditions and writes the few fields its actions own. A broker may put its own CRM behind these interfaces.
 */
import type { FreezeOutcome } from './account-freeze.ts';
import type { AccountHistory } from './account-history.ts';
import type { CustomerAssignment } from '../crm/assignment.ts';
import type { CustomerChange } from './customer-change.ts';
import type { Account } from './account.ts';
import type { Customer } from './customer.ts';

export interface TradingGroup {
  name: string;
  brand: string | null;
}

export interface Manager {
  id: number;
  name: string;
  email?: string;
  enabled: boolean;
  /** Brands this manager works for; absent = all of them. */
  brands?: string[];
  /** Session roles this manager signs in with, so that questions to a role are brought to mind; absent = not known. */
  roles?: string[];
}

/** @param brand null = none: that is only for managers of all brands */
export function worksFor({ brands }: Pick<Manager, 'brands'>, brand: string | null): boolean {
  return brands === undefined || (brand !== null && brands.includes(brand));
}

export interface Team {
  id: string;
  name: string;
  parent_id?: string;
  agent_ids?: number[];
}

/** A name rules give customers to: a team, whose agents take turns, or one manager. */
export interface Desk {
  code: string;
  name: string;
  /** Either this or `manager_id`. */
  team_id?: string;
  manager_id?: number;
  /** A brand's own desk comes before one of all brands. */
  brand?: string;
}

/** Code of the desk that `handover_to_retention` moves customers to. */
export const retentionDesk = 'retention';

export interface Status {
  id: string | number;
  type: string;
  code: string;
  label?: string;
  brand?: string;
}

/** Types of statuses that actions set. */
export const statusKinds = ['sales', 'kyc'] as const;
export type StatusKind = (typeof statusKinds)[number];

/** What event matching reads. Missing records are missing from the map; no method throws for them. */
export interface DirectoryReader {
  /**
   * What has changed of accounts and groups.
   * @param since a revision; null: none is known
   */
  changes(since: number | null): Promise<DirectoryChanges>;
  accounts(logins: Iterable<number>): Promise<Map<number, Account>>;
  /** Also of accounts that were removed. */
  accountHistories(logins: Iterable<number>): Promise<Map<number, AccountHistory>>;
  groups(names: Iterable<string>): Promise<Map<string, TradingGroup>>;
  customers(ids: Iterable<string>): Promise<Map<string, Customer>>;
  /**
   * The accounts that are linked to each customer now, by login; also those that are still awaited, and those of a
   * customer who is not known. Null: there are more than `CUSTOMER_ACCOUNTS_MAX`.
   */
  customerAccounts(ids: Iterable<string>): Promise<Map<string, AccountHistory[] | null>>;
}

export interface DirectoryChanges {
  /** Grows with each change. */
  revision: number;
  /** Accounts that have changed; null: anything may have. */
  logins: number[] | null;
}

/** What an event of the trading platform says of an account. */
export interface AccountUpdate {
  login: number;
  /** Null: it was removed. */
  account: Account | null;
  /** ISO 8601; orders the changes of one login. */
  occurredAt: string;
  /** Where the event stands in Kafka: the same one again is known by it. */
  position?: { partition: string; offset: string };
  /** The event's own time cannot be trusted: among events of one partition their order in it counts. */
  isAhead?: boolean;
}

/** What an event says of how a customer is now; null: the field has no value any more. */
export interface CustomerUpdate {
  customerId: string;
  fields: Omit<Customer, 'id'>;
  /** ISO 8601. */
  occurredAt: string;
}

/** What platform events change. Each call is idempotent and ignores an event older than what is stored. */
export interface DirectoryUpdates {
  /** Changes of one login are made in the order given. @returns the logins whose accounts changed, now or before */
  changeAccounts(updates: readonly AccountUpdate[]): Promise<number[]>;
  /**
   * Adds customers who are not known. Of those who are, it sets each field that nothing later has set: another event, or
   * an action. Changes of one customer are made in the order given.
   */
  changeCustomers(updates: readonly CustomerUpdate[]): Promise<void>;
}

/**
 * What actions read and write. `key` is the idempotency key of the effect: the same key never applies twice. A change
 * of a customer is returned on every attempt, null when everything was as wanted.
 */
export interface DirectoryActions {
  customer(id: string): Promise<Customer | null>;
  manager(id: number): Promise<Manager | null>;
  enabledManagers(): Promise<Manager[]>;
  teams(): Promise<Team[]>;
  /** The desk of the brand, else of no brand. Throws `PermanentError` `desk_not_found`. */
  desk(code: string, brand: string | null): Promise<Desk>;
  /** Throws `PermanentError` `customer_not_found` or `status_not_found`. */
  setCustomerStatus(
    customerId: string,
    kind: StatusKind,
    status: string | number,
    key: string,
  ): Promise<CustomerChange | null>;
  /** Throws `PermanentError` `customer_not_found`. */
  setCustomerRiskLevel(customerId: string, riskLevel: string | number, key: string): Promise<CustomerChange | null>;
  /** Throws `PermanentError` `customer_not_found`. */
  setCustomerActive(customerId: string, active: boolean, key: string): Promise<CustomerChange | null>;
  /** Throws `PermanentError` `customer_not_found`. */
  assignCustomer(customerId: string, place: CustomerAssignment, key: string): Promise<CustomerChange | null>;
  /** Freezes those of the accounts that the directory has. @param at ISO 8601 UTC */
  freezeAccounts(logins: number[], freeze: { reason: string; at: string }, key: string): Promise<FreezeOutcome>;
}
