/** What the events of a chunk change in the directory, and what was known of their accounts before. */
import { toAccountFreeze } from '#libs/domain/directory/account-freeze.ts';
import { accountAt, type KnownAccountFields } from '#libs/domain/directory/account-history.ts';
import { isEmitted } from '#libs/domain/events/causation.ts';
import type { AccountUpdate, CustomerUpdate, DirectoryUpdates } from '#libs/domain/directory/directory.ts';
import type { Customer } from '#libs/domain/directory/customer.ts';
import type { Account } from '#libs/domain/directory/account.ts';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { DirectoryCache } from '#libs/matching/directory-cache.ts';

/** True for events that change the directory whether or not a rule exists for them. */
export function changesDirectory(event: PlatformEvent): boolean {
  return event.accountChange !== undefined || describesCustomer(event);
}

/** What an action has changed stands in the directory already, and may have changed again since. */
function describesCustomer({ id, customerId, customer }: PlatformEvent): boolean {
  return customer !== undefined && customerId !== null && !isEmitted(id);
}

/**
 * What events say of their customers, for the conditions of each: the event itself, and those before it in the chunk
 * that are not in the directory yet.
 * @param events in order of their offsets
 */
export function readCustomerStates(events: readonly PlatformEvent[]): ReadonlyMap<PlatformEvent, Partial<Customer>> {
  const said = new Map<PlatformEvent, Partial<Customer>>();
  const latest = new Map<string, Partial<Customer>>();
  for (const event of events) {
    if (event.customerId === null) continue;
    if (describesCustomer(event)) latest.set(event.customerId, { ...latest.get(event.customerId), ...event.customer });
    const known = latest.get(event.customerId);
    if (known !== undefined) said.set(event, known);
  }
  return said;
}

/**
 * Idempotent; changes of one login are applied in the order of the events, those of different logins side by side.
 * @param events in order of their offsets
 * @returns the logins whose accounts changed
 */
export async function updateDirectory(
  events: readonly PlatformEvent[],
  feed: DirectoryUpdates,
  cache: DirectoryCache,
): Promise<number[]> {
  const feeding = events.filter(changesDirectory);
  const logins = await feed.changeAccounts(feeding.flatMap(toAccountUpdate));
  cache.forget(logins);
  await feed.changeCustomers(feeding.filter(describesCustomer).map(toCustomerUpdate));
  return logins;
}

function toAccountUpdate({ account, accountChange, occurredAt, position, aheadMs }: PlatformEvent): AccountUpdate[] {
  if (account === undefined || accountChange === undefined) return [];
  return [
    {
      login: account.login,
      account: accountChange === 'deleted' ? null : account,
      occurredAt,
      ...(position !== undefined && { position }),
      isAhead: aheadMs !== undefined,
    },
  ];
}

function toCustomerUpdate({ customerId, brand, occurredAt, customer, trigger }: PlatformEvent): CustomerUpdate {
  const registration = trigger === 'customer.registered' && brand !== null ? { brand } : {};
  return { customerId: customerId ?? '', fields: { ...customer, ...registration }, occurredAt };
}

/**
 * What was known of each account event's account before the event: the customer it is linked to, and whether it is
 * frozen. Records of a broker repeat neither.
 * @param events in order of their offsets; others than account events are ignored
 */
export async function knownAccountFields(
  events: readonly PlatformEvent[],
  cache: DirectoryCache,
): Promise<ReadonlyMap<PlatformEvent, KnownAccountFields>> {
  const held = new Map<PlatformEvent, KnownAccountFields>();
  const logins = new Set(events.flatMap(({ account }) => account?.login ?? []));
  if (logins.size === 0) return held;
  const stored = await cache.histories(logins);
  const latest = new Map<number, KnownAccountFields>();
  for (const event of events) {
    if (event.account === undefined) continue;
    const { login, customer_id } = event.account;
    const history = stored.get(login);
    // An event that comes late is about the account as it was then.
    const before = latest.get(login) ?? readKnownFields(history && (accountAt(history, event.occurredAt) ?? undefined));
    const now = customer_id === undefined ? before : { ...before, customer_id };
    latest.set(login, event.accountChange === 'deleted' ? {} : now);
    held.set(event, now);
  }
  return held;
}

function readKnownFields({ customer_id, ...account }: Partial<Account> = {}): KnownAccountFields {
  return { ...toAccountFreeze(account), ...(customer_id !== undefined && { customer_id }) };
}
