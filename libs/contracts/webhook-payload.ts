/** What a broker's back end posts to a workflow webhook: one event, which conditions see as `event.*`. */
import type { JsonObject } from '#libs/domain/json/json-object.ts';
import { isJsonObject } from '#libs/domain/json/json-object.ts';
import type { ProblemList } from '#libs/domain/errors/problem-list.ts';
import { parseIsoTime } from '#libs/domain/values/iso-time.ts';
import { eventTypePattern, maxEventTypeLength } from '#libs/domain/workflow-webhooks/workflow-webhook.ts';
import { describeKind, RecordCheck } from './record-check.ts';

export interface ReportedEvent {
  eventType: string;
  /** Of the broker, for ever. */
  customerId: string;
  /** When it happened at the broker, ISO 8601 UTC. */
  occurredAt: string;
  /** The same as it was written. */
  occurredAtText: string;
  /** Of the trading account, where it names exactly one. */
  login: number | null;
  /** The payload, without what only says how it is sent. */
  data: JsonObject;
}

/** How far the clock of the sender may be ahead. */
const maxAheadMs = 5 * 60_000;
const dateAlone = /^[\d-]*$/;
const platforms = ['MT4', 'MT5'];
const maxAccounts = 1000;

/** Says how a report is sent, not what has happened. */
export const idempotencyMember = 'idempotencyKey';

/** 1 to 255 visible ASCII characters. */
export const idempotencyKeyPattern = /^[\x21-\x7e]{1,255}$/;

/**
 * @param now milliseconds since 1970
 * @returns what is reported; of no use when there are problems
 */
export function readReportedEvent(payload: JsonObject, now: number, problems: ProblemList): ReportedEvent {
  const check = new RecordCheck(payload, '', problems);
  const eventType = check.requiredName('eventType', maxEventTypeLength);
  if (eventType !== '' && !eventTypePattern.test(eventType)) {
    check.fail('eventType', 'wrong_value', 'must be words with dots between them, such as user.registered');
  }
  const customerId = check.requiredName('customerId');
  for (const name of ['email', 'firstName', 'lastName']) check.text(name);
  const { [idempotencyMember]: _key, ...data } = payload;
  return {
    eventType,
    customerId,
    ...readTime(check, now),
    login: readAccounts(check, problems),
    data,
  };
}

function readTime(check: RecordCheck, now: number): Pick<ReportedEvent, 'occurredAt' | 'occurredAtText'> {
  const occurredAtText = check.text('occurredAt');
  if (occurredAtText === undefined) {
    if (check.value('occurredAt') === undefined) check.missing('occurredAt', 'when it happened, in ISO 8601');
    return { occurredAt: '', occurredAtText: '' };
  }
  const ms = dateAlone.test(occurredAtText) ? null : parseIsoTime(occurredAtText);
  if (ms === null) {
    check.fail(
      'occurredAt',
      'wrong_value',
      'is no time: expected a date and a time in ISO 8601, e.g. 2026-01-31T12:00:00.000Z',
    );
    return { occurredAt: '', occurredAtText };
  }
  if (ms > now + maxAheadMs) check.fail('occurredAt', 'wrong_value', 'lies more than 5 minutes in the future');
  return { occurredAt: new Date(ms).toISOString(), occurredAtText };
}

/** `[{ platform: "MT4" | "MT5", login }]`, apart from the customer's id. @returns the login, where it is one account */
function readAccounts(check: RecordCheck, problems: ProblemList): number | null {
  const accounts = check.value('tradingAccounts');
  if (accounts === undefined) return null;
  if (!Array.isArray(accounts)) {
    check.fail('tradingAccounts', 'wrong_type', `is ${describeKind(accounts)}: expected a list of accounts`);
    return null;
  }
  if (accounts.length > maxAccounts) {
    check.fail('tradingAccounts', 'too_long', `has ${accounts.length} entries: at most ${maxAccounts} are allowed`);
    return null;
  }
  const logins = accounts.map((account: unknown, index) => {
    const path = `tradingAccounts[${index}]`;
    if (isJsonObject(account)) return readAccount(new RecordCheck(account, `${path}.`, problems));
    check.fail(path, 'wrong_type', `is ${describeKind(account)}: expected { platform, login }`);
    return null;
  });
  return logins.length === 1 ? (logins[0] ?? null) : null;
}

function readAccount(check: RecordCheck): number {
  const platform = check.text('platform');
  if (platform === undefined && check.value('platform') === undefined)
    check.missing('platform', platforms.join(' or '));
  if (platform !== undefined && !platforms.includes(platform)) {
    check.fail('platform', 'wrong_value', `must be ${platforms.join(' or ')}`);
  }
  return check.requiredLogin('login');
}
