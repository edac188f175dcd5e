/** Lets the events of a chunk change the directory, before any of them is matched. */
import { freezeOf } from '#libs/domain/account-freeze.ts';
import type { Account, Customer, DirectoryFeed } from '#libs/domain/directory.ts';
import type { PlatformEvent } from '#libs/domain/event.ts';
import type { DirectoryCache } from '#libs/matching/directory-cache.ts';
import type { HeldFields } from '#libs/matching/subjects.ts';

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

/** What a registration says of the customer. */
function customerFrom({ customerId, brand, login, customer }: PlatformEvent): Customer {
  return {
    ...customer,
    id: customerId ?? '',
    ...(brand !== null && { brand }),
    ...(login !== null && { logins: [login] }),
  };
}

/**
 * What was known of each account event's account before the event: the customer it is linked to, and whether it is
 * frozen. Records of a broker repeat neither.
 * @param events in order of their offsets; others than account events are ignored
 */
export async function heldFields(
  events: PlatformEvent[],
  cache: DirectoryCache,
): Promise<ReadonlyMap<PlatformEvent, HeldFields>> {
  const held = new Map<PlatformEvent, HeldFields>();
  const logins = new Set(events.flatMap(({ account }) => account?.login ?? []));
  if (logins.size === 0) return held;
  const stored = await cache.accounts(logins);
  const latest = new Map<number, HeldFields>();
  for (const event of events) {
    if (event.account === undefined) continue;
    const { login, customer_id } = event.account;
    const before = latest.get(login) ?? heldOf(stored.get(login));
    const now = customer_id === undefined ? before : { ...before, customer_id };
    latest.set(login, now);
    held.set(event, now);
  }
  return held;
}

function heldOf({ customer_id, ...account }: Partial<Account> = {}): HeldFields {
  return { ...freezeOf(account), ...(customer_id !== undefined && { customer_id }) };
}
