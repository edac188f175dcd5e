/** A trading account as the directory knows it. */
import type { AccountRecord } from './platform-record.ts';
import type { AccountFreeze } from './account-freeze.ts';

export interface Account extends AccountRecord, AccountFreeze {
  customer_id?: string;
}
