/** What an action changed about a customer. */
import type { Customer } from './customer.ts';

export interface CustomerChange {
  /** ISO 8601 UTC. */
  at: string;
  /** The fields it set, as they were before; absent ones had no value. */
  from: Partial<Customer>;
  to: Partial<Customer>;
}
