/** A platform event after decoding, whatever topic and envelope it came in. */

import type { Customer } from '../directory/customer.ts';
import type { TradeRecord, AccountRecord } from '../directory/platform-record.ts';

export const topics = {
  trade: 'trade.push',
  account: 'account.push',
  crm: 'crm.events',
  lifecycle: 'workflow.lifecycle',
  deadLetter: 'platform.dead-letter',
  /** Lifecycle events that a handler of a subscriber could not handle. */
  lifecycleDeadLetter: 'workflow.lifecycle.dead-letter',
} as const;

/** Those that events come from; account events first, since the others may be about new accounts. */
export const eventTopics = [topics.account, topics.trade, topics.crm] as const;

/** Rules may follow rules up to this many links; the event at the limit starts nothing. */
export const maxCausationDepth = 5;

/** What an `account.push` message does to the directory. */
export type AccountChange = 'added' | 'updated' | 'deleted';

export interface PlatformEvent {
  /** The producer's id, or `topic/partition/offset/topic id`. Unique together with the origin: see `event-key.ts`. */
  id: string;
  /** What the message states of its origin beside its brand: the `source` of a CloudEvent. */
  source?: string | null;
  /** Where the message stands in Kafka; `partition` names one of one topic, for ever. */
  position?: { partition: string; offset: string };
  /** How far the producer's time lay ahead of the arrival, in milliseconds: then `occurredAt` is the arrival. */
  aheadMs?: number;
  /** The trigger; null = the message is well-formed but maps to none (a pending order, say). */
  trigger: string | null;
  topic: string;
  /** Event time, ISO 8601 UTC; the Kafka timestamp where the producer gave none. */
  occurredAt: string;
  /** Brand named by the envelope; only CRM events may carry one. */
  brand: string | null;
  login: number | null;
  customerId: string | null;
  /** Ids of the events that led to this one, oldest first. */
  causation: string[];
  /** What conditions see as `event.*`. For broker events this is the record. */
  data: Record<string, unknown>;
  trade?: TradeRecord;
  account?: AccountRecord;
  accountChange?: AccountChange;
  /** What it says of its customer, in the form that the directory keeps. */
  customer?: Omit<Customer, 'id'>;
}
