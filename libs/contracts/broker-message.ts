/** `trade.push` and `account.push`: `{ id?, event, occurredAt?, causation?, record }`. Members not named here pass through. */
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { AccountRecord, TradeRecord } from '#libs/domain/directory/platform-record.ts';
import type { JsonObject } from '#libs/domain/json/json-object.ts';
import type { ProblemList } from '#libs/domain/errors/problem-list.ts';
import { parseAccountTrigger, accountTrigger, tradeTrigger } from '#libs/domain/events/triggers.ts';
import type { CustomerEvents } from './customer-record.ts';
import { RecordCheck, textLimits } from './record-check.ts';

/** What stands in for members the producer left out. */
export interface Origin {
  topic: string;
  /** `topic/partition/offset` */
  id: string;
  /** ISO 8601 UTC; asked for only when it is needed. */
  occurredAt: () => string;
  /** Event types of the installation that say how a customer is now. */
  customerEvents: CustomerEvents;
}

export function decodeTrade(message: JsonObject, origin: Origin, problems: ProblemList): PlatformEvent {
  const envelope = new RecordCheck(message, '', problems);
  const recordEvent = envelope.requiredName('event');
  const record = envelope.requiredObject('record');
  const check = new RecordCheck(record, 'record.', problems);
  const login = check.requiredLogin('login');
  const cmd = check.requiredName('cmd');
  check.integer('order');
  check.integer('volume');
  check.number('close_price');
  check.text('symbol');
  check.text('comment');
  check.number('amount_usd');
  const trade = withoutNulls(record, login) as TradeRecord;
  return {
    id: envelope.name('id', textLimits.id) ?? origin.id,
    trigger: tradeTrigger(recordEvent, cmd),
    topic: origin.topic,
    occurredAt: envelope.time('occurredAt') ?? origin.occurredAt(),
    brand: null,
    login,
    customerId: null,
    causation: envelope.causation('causation'),
    data: trade,
    trade,
  };
}

export function decodeAccount(message: JsonObject, origin: Origin, problems: ProblemList): PlatformEvent {
  const envelope = new RecordCheck(message, '', problems);
  const recordEvent = envelope.requiredName('event');
  const record = envelope.requiredObject('record');
  const check = new RecordCheck(record, 'record.', problems);
  const login = check.requiredLogin('login');
  check.requiredName('group');
  check.text('name');
  check.text('email');
  check.text('country');
  const enable = check.flag('enable');
  check.integer('leverage');
  const customerId = check.id('customer_id') ?? null;
  const account = withIds(withoutNulls(record, login), customerId) as AccountRecord;
  const change = parseAccountTrigger(recordEvent);
  return {
    id: envelope.name('id', textLimits.id) ?? origin.id,
    trigger: change === null ? null : accountTrigger(change),
    topic: origin.topic,
    occurredAt: envelope.time('occurredAt') ?? origin.occurredAt(),
    brand: null,
    login,
    customerId,
    causation: envelope.causation('causation'),
    data: account,
    account: enable === undefined || enable === account.enable ? account : { ...account, enable },
    ...(change !== null && { accountChange: change }),
  };
}

/** Nulls say what an absent member says; leaving them out keeps the record's type true. The login becomes a number. */
function withoutNulls(record: JsonObject, login: number): JsonObject {
  if (record['login'] === login && !hasNull(record)) return record;
  return { ...Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null)), login };
}

/** An id that was written as a number becomes the text that everybody else knows it by. */
function withIds(record: JsonObject, customerId: string | null): JsonObject {
  return customerId === null || record['customer_id'] === customerId ? record : { ...record, customer_id: customerId };
}

function hasNull(record: JsonObject): boolean {
  for (const name in record) if (record[name] === null) return true;
  return false;
}
