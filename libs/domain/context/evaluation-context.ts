/** The runtime context: what conditions see and what a run carries with it. */
import type { RunData } from './run-data.ts';
import type { Customer } from '../directory/customer.ts';
import type { Account } from '../directory/account.ts';
import type { TradeRecord } from '../directory/platform-record.ts';

export interface RuntimeContext {
  /** Brand of the trading group (or of the CRM envelope); null only for CRM events of no brand. */
  brand: string | null;
  /** Text where a number would lose digits. */
  amount_usd?: number | string;
  event: Record<string, unknown>;
  trade?: TradeRecord;
  account?: Account;
  customer?: Customer;
  order?: Record<string, unknown>;
  transaction?: Record<string, unknown>;
  task?: Record<string, unknown>;
  call?: Record<string, unknown>;
  /** Of a request, by name of the data item. */
  data?: RunData;
}

/** First segments a condition's field path may have; `brand` and `amount_usd` stand alone. */
export const contextRoots = [
  'event',
  'customer',
  'trade',
  'account',
  'order',
  'transaction',
  'task',
  'call',
  'data',
] as const;
