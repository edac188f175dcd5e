/** Lets the events of a chunk change the directory, before any of them is matched. */
import type { Customer, DirectoryFeed } from '#libs/domain/directory.ts';
import type { PlatformEvent } from '#libs/domain/event.ts';
import type { DirectoryCache } from './directory-cache.ts';

const registered = 'customer.registered';

/** True for events that change the directory whether or not a rule exists for them. */
export function feedsDirectory(event: PlatformEvent): boolean {
  return event.accountChange !== undefined || (event.trigger === registered && event.customerId !== null);
}

/**
 * Idempotent; changes of one login are applied in the order of the events, those of different logins side by side.
 * @param events in order of their offsets
 */
export async function feedDirectory(
  events: PlatformEvent[],
  feed: DirectoryFeed,
  cache: DirectoryCache,
): Promise<void> {
  const bySubject = new Map<string, PlatformEvent[]>();
  for (const event of events) {
    if (!feedsDirectory(event)) continue;
    const subject = event.account === undefined ? `customer ${event.customerId}` : `login ${event.account.login}`;
    const earlier = bySubject.get(subject);
    if (earlier === undefined) bySubject.set(subject, [event]);
    else earlier.push(event);
  }
  await Promise.all([...bySubject.values()].map((changes) => applyInOrder(changes, feed, cache)));
}

async function applyInOrder(events: PlatformEvent[], feed: DirectoryFeed, cache: DirectoryCache): Promise<void> {
  for (const event of events) {
    const { account, accountChange, occurredAt } = event;
    if (account === undefined) {
      await feed.addCustomer(customerFrom(event));
    } else if (accountChange === 'deleted') {
      cache.changed(account.login, await feed.removeAccount(account.login, occurredAt));
    } else {
      cache.changed(account.login, await feed.putAccount(account, occurredAt));
    }
  }
}

/** What a registration says of the customer: its plain members, as the CRM names them. */
function customerFrom({ customerId, brand, login, data }: PlatformEvent): Customer {
  const customer: Customer = { id: customerId ?? '' };
  for (const [name, value] of Object.entries(data)) {
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (isPlain && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) customer[name] = value;
  }
  customer.id = customerId ?? '';
  if (brand !== null) customer.brand = brand;
  if (login !== null) customer.logins = [login];
  return customer;
}

/**
 * The customer that each account event's account is linked to by what was known before the event. Records of a broker
 * need not repeat the link.
 * @param events in order of their offsets; others than account events are ignored
 */
export async function linkedCustomers(
  events: PlatformEvent[],
  cache: DirectoryCache,
): Promise<ReadonlyMap<PlatformEvent, string>> {
  const links = new Map<PlatformEvent, string>();
  const unlinked = events.flatMap(({ account }) => (account?.customer_id === undefined ? (account?.login ?? []) : []));
  if (unlinked.length === 0) return links;
  const stored = await cache.accounts(new Set(unlinked));
  const latest = new Map<number, string>();
  for (const event of events) {
    if (event.account === undefined) continue;
    const { login, customer_id } = event.account;
    const customer = customer_id ?? latest.get(login) ?? stored.get(login)?.customer_id;
    if (customer === undefined) continue;
    latest.set(login, customer);
    links.set(event, customer);
  }
  return links;
}
