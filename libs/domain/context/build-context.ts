/** Puts together what the conditions of one event see. */
import { withoutFreeze } from '../directory/account-freeze.ts';
import type { RuntimeContext } from './evaluation-context.ts';
import type { Customer } from '../directory/customer.ts';
import type { Account } from '../directory/account.ts';
import type { PlatformEvent } from '../events/platform-event.ts';
import { exactNumber } from '../values/scalar.ts';

/** Objects of this name inside a CRM event's data are roots of their own. */
const crmRoots = ['order', 'transaction', 'task', 'call'] as const;

export interface EventSubject {
  /** Resolved brand; null only for CRM events of no brand. */
  brand: string | null;
  /** As the directory knows it; null when it does not, or when no rule asks. */
  account: Account | null;
  customer: Customer | null;
}

/** Absent roots are left out: a condition on them meets a missing field. */
export function buildContext(event: PlatformEvent, { brand, account, customer }: EventSubject): RuntimeContext {
  const context: RuntimeContext = { brand, event: event.data };
  const amount = exactNumber(event.trade === undefined ? ownValue(event.data, 'amount_usd') : event.trade.amount_usd);
  if (amount !== undefined) context.amount_usd = amount;
  if (event.trade !== undefined) context.trade = event.trade;
  // The event's own record is newer than the directory's, which alone may know the customer and a freeze.
  if (event.account !== undefined) context.account = { ...account, ...withoutFreeze(event.account) };
  else if (account !== null) context.account = account;
  if (customer !== null) context.customer = customer;
  if (event.trade === undefined && event.account === undefined) {
    for (const root of crmRoots) {
      const record = ownValue(event.data, root);
      if (isRecord(record)) context[root] = record;
    }
  }
  return context;
}

function ownValue(record: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
