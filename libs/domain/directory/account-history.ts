/** Accounts move between groups, and so between brands. An event is about the account as it was when it happened. */
import type { AccountFreeze } from './account-freeze.ts';
import type { Account } from './account.ts';

/** What the directory knows of an account and the platform's records need not repeat. */
export type KnownAccountFields = AccountFreeze & Pick<Account, 'customer_id'>;

/** Where an account was before it was moved, linked to another customer, or removed. */
export interface AccountPlacement {
  /** Milliseconds since 1970; events from then on are about the account as it is in the next placement, or now. */
  until: number;
  group: string;
  customer_id?: string;
}

export interface AccountHistory {
  login: number;
  /** As it is now; null: it was removed. */
  account: Account | null;
  /** Oldest first; the latest ones only. */
  placements: readonly AccountPlacement[];
}

/** Of older ones nothing is kept: an event from before them counts as one of the oldest that is. */
export const maxPlacements = 20;

/** @param occurredAt ISO 8601 @returns null for an account that had been removed by then */
export function accountAt({ login, account, placements }: AccountHistory, occurredAt: string): Account | null {
  if (placements.length === 0) return account;
  const time = Date.parse(occurredAt);
  const then = placements.find(({ until }) => time < until);
  if (then === undefined) return account;
  const { customer_id: _now, ...rest } = account ?? {};
  const { until: _until, ...placement } = then;
  return { ...rest, login, ...placement };
}
