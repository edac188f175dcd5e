/** `trade.push` and `account.push`: `{ id?, event, occurredAt?, causation?, record }`. Members not named here pass through. */
import type { AccountRecord, PlatformEvent, TradeRecord } from '#libs/domain/event.ts';
import type { JsonObject } from '#libs/domain/json-object.ts';
import type { ProblemList } from '#libs/domain/problem-list.ts';
import { accountChangeOf, accountTrigger, tradeTrigger } from '#libs/domain/triggers.ts';
import { RecordCheck, textLimits } from './record-check.ts';

/** What stands in for members the producer left out. */
export interface Origin {
  topic: string;
  /** `topic/partition/offset` */
  id: string;
  /** ISO 8601 UTC */
  occurredAt: string;
}

export function decodeTrade(message: JsonObject, origin: Origin, problems: ProblemList): PlatformEvent {
  const { recordEvent, record, ...envelope } = readEnvelope(message, origin, problems);
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
    ...envelope,
    trigger: tradeTrigger(recordEvent, cmd),
    login,
    customerId: null,
    data: trade,
    trade,
  };
}

export function decodeAccount(message: JsonObject, origin: Origin, problems: ProblemList): PlatformEvent {
  const { recordEvent, record, ...envelope } = readEnvelope(message, origin, problems);
  const check = new RecordCheck(record, 'record.', problems);
  const login = check.requiredLogin('login');
  check.requiredName('group');
  check.text('name');
  check.text('email');
  check.text('country');
  const enable = check.flag('enable');
  check.integer('leverage');
  const customerId = check.name('customer_id') ?? null;
  const account = withoutNulls(record, login) as AccountRecord;
  const change = accountChangeOf(recordEvent);
  return {
    ...envelope,
    trigger: change === null ? null : accountTrigger(change),
    login,
    customerId,
    data: account,
    account: enable === undefined || enable === account.enable ? account : { ...account, enable },
    ...(change !== null && { accountChange: change }),
  };
}

function readEnvelope(message: JsonObject, origin: Origin, problems: ProblemList) {
  const check = new RecordCheck(message, '', problems);
  return {
    id: check.name('id', textLimits.id) ?? origin.id,
    topic: origin.topic,
    occurredAt: check.time('occurredAt') ?? origin.occurredAt,
    brand: null,
    causation: check.causation('causation'),
    recordEvent: check.requiredName('event'),
    record: check.requiredObject('record'),
  };
}

/** Nulls say what an absent member says; leaving them out keeps the record's type true. The login becomes a number. */
function withoutNulls(record: JsonObject, login: number): JsonObject {
  const members = Object.entries(record);
  const isAsTyped = record['login'] === login && members.every(([, value]) => value !== null);
  return isAsTyped ? record : { ...Object.fromEntries(members.filter(([, value]) => value !== null)), login };
}
