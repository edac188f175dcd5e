/**
 * Finds out what an event is about: its account, its customer, and above all its brand, which alone decides whose
 * rules run. Everything the events of a chunk need is read together.
 */
import { accountAt, type AccountHistory, type KnownAccountFields } from '#libs/domain/directory/account-history.ts';
import { buildContext } from '#libs/domain/context/build-context.ts';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import type { Account } from '#libs/domain/directory/account.ts';
import { topics, type PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { DirectoryCache } from './directory-cache.ts';

/** An event that some rule may be for, and what has been found out about it so far. */
export class EventSubject {
  readonly event: PlatformEvent;
  readonly trigger: string;
  /** Undefined: not looked up yet; null: the directory has none. */
  account: Account | null | undefined;
  customer: Customer | null | undefined;
  /** It names a login of which the directory has never heard. */
  isUnknownAccount = false;
  /** It names no account and a customer with more accounts than are looked at. */
  hasTooManyAccounts = false;
  brand: string | null = null;
  /** What the directory has to learn before the brand can be told; null: nothing, or there is no brand. */
  waitsFor: string | null = null;
  /** What its event says of the customer, and events before it that the directory does not hold yet. */
  said: Partial<Customer> | null = null;
  /** For account events: what was known of the account before. */
  held: KnownAccountFields | null = null;

  constructor(event: PlatformEvent, trigger: string) {
    this.event = event;
    this.trigger = trigger;
  }

  /** Broker records run only under the brand of a trading group; CRM events and requests may have none. */
  get isCrm(): boolean {
    return this.event.topic !== topics.trade && this.event.topic !== topics.account;
  }

  get login(): number | null {
    return this.event.login;
  }

  get customerId(): string | null {
    return (
      this.event.customerId ??
      this.event.account?.customer_id ??
      this.account?.customer_id ??
      this.held?.customer_id ??
      null
    );
  }

  context(): RuntimeContext {
    const account = this.account ?? this.#heldAccount();
    const subject = { brand: this.brand, account, customer: this.#customer() };
    return buildContext(this.event, subject);
  }

  #customer(): Customer | null {
    const { said, customerId, customer = null } = this;
    return said === null || customerId === null ? customer : { ...customer, ...said, id: customerId };
  }

  #heldAccount(): Account | null {
    const record = this.event.account;
    return this.held === null || record === undefined
      ? null
      : { ...this.held, login: record.login, group: record.group };
  }
}

/**
 * Resolves the brand of each subject: login → account → group → brand; for account events the event's own group; for
 * CRM events the brand the envelope names, else that of its login's or its customer's accounts.
 */
export async function resolveBrands(subjects: EventSubject[], directory: DirectoryCache): Promise<void> {
  const unnamed: EventSubject[] = [];
  for (const subject of subjects) {
    if (subject.isCrm && subject.event.brand !== null) subject.brand = subject.event.brand;
    else unnamed.push(subject);
  }
  if (unnamed.length === 0) return;
  await loadAccounts(unnamed, directory);
  const customerAccounts = await accountsOfCustomers(unnamed, directory);
  const groupNames = unnamed.map((subject) => readGroups(subject, customerAccounts));
  const groups = await directory.groups(new Set(groupNames.flat()));
  unnamed.forEach((subject, index) => {
    const names = groupNames[index] ?? [];
    subject.hasTooManyAccounts = accountsFor(subject, customerAccounts) === null;
    const unknown = names.find((name) => !groups.has(name));
    if (unknown !== undefined) subject.waitsFor = waitForGroup(unknown);
    else if (names.length === 0 && subject.isUnknownAccount) subject.waitsFor = waitForLogin(subject.login!);
    const [first, ...others] = names.map((name) => groups.get(name)?.brand ?? null);
    // Accounts of several brands name none: a guess could run another brand's rules.
    if (others.every((brand) => brand === first)) subject.brand = first ?? null;
  });
}

/** The group of the subject's own account, else those of its customer's accounts. */
function readGroups(subject: EventSubject, customerAccounts: CustomerAccounts): string[] {
  const own = subject.event.account?.group ?? subject.account?.group;
  if (own !== undefined) return [own];
  const histories = accountsFor(subject, customerAccounts) ?? [];
  return histories.flatMap((history) => accountAt(history, subject.event.occurredAt)?.group ?? []);
}

export function waitForLogin(login: number): string {
  return `login:${login}`;
}

export function waitForGroup(name: string): string {
  return `group:${name}`;
}

/** Loads the account of every subject that has a login and whose account is not known yet. */
export async function loadAccounts(subjects: EventSubject[], directory: DirectoryCache): Promise<void> {
  const missing = subjects.filter(({ account, event }) => account === undefined && event.account === undefined);
  if (missing.length === 0) return;
  const logins = new Set<number>();
  for (const { login } of missing) if (login !== null) logins.add(login);
  const histories = await directory.histories(logins);
  for (const subject of missing) {
    const history = subject.login === null ? undefined : histories.get(subject.login);
    subject.account = history === undefined ? null : accountAt(history, subject.event.occurredAt);
    // A customer may be linked to a login whose account has never been told of.
    const isTold = history !== undefined && (history.account !== null || history.placements.length > 0);
    subject.isUnknownAccount = subject.login !== null && !isTold;
  }
}

/** Loads the customer of every subject that has one and whose customer is not known yet. */
export async function loadCustomers(subjects: EventSubject[], directory: DirectoryCache): Promise<void> {
  const missing = subjects.filter(({ customer }) => customer === undefined);
  if (missing.length === 0) return;
  const ids = new Set<string>();
  for (const { customerId } of missing) if (customerId !== null) ids.add(customerId);
  const customers = await directory.customers(ids);
  for (const subject of missing) {
    const id = subject.customerId;
    subject.customer = (id !== null && customers.get(id)) || null;
  }
}

/** By customer; null: more accounts than are looked at. */
type CustomerAccounts = ReadonlyMap<string, AccountHistory[] | null>;

/** Accounts of the customers of those CRM events whose own login leads nowhere. */
function accountsOfCustomers(subjects: EventSubject[], directory: DirectoryCache): Promise<CustomerAccounts> {
  const ids = new Set<string>();
  for (const { isCrm, account, customerId } of subjects)
    if (isCrm && !account && customerId !== null) ids.add(customerId);
  return directory.customerAccounts(ids);
}

function accountsFor({ customerId }: EventSubject, accounts: CustomerAccounts): AccountHistory[] | null {
  const found = customerId === null ? undefined : accounts.get(customerId);
  return found === undefined ? [] : found;
}
