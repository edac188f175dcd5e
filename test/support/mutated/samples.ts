/** Well-formed messages of all three topics, in each form they may have. */
import { topics } from '#libs/domain/events/platform-event.ts';
import type { Draft, JsonRecord } from './draft.ts';

/** What a sample is about. */
export interface Theme {
  id: string;
  /** ISO 8601 UTC. */
  at: string;
  login: number;
  group: string;
  customerId: string;
  brand: string;
  amount: number;
  note: string;
}

type Sample = (theme: Theme, variant: { event: string; cmd?: string; type: string }) => Draft;

/** Messages of one key are in one partition, and so in order. */
const keyed = (topic: string, key: string, body: JsonRecord, headers = {}): Draft => ({
  topic,
  key: Buffer.from(key),
  body,
  headers,
});

const trade: Sample = ({ id, at, login, amount, note }, { event, cmd = 'OP_BUY' }) =>
  keyed(topics.trade, String(login), {
    id,
    event,
    occurredAt: at,
    record: {
      order: 7000 + login,
      login,
      cmd,
      volume: 100,
      close_price: 1.25,
      symbol: 'EURUSD',
      comment: note,
      amount_usd: amount,
    },
  });

const account: Sample = ({ id, at, login, group, customerId, note }, { event }) =>
  keyed(topics.account, String(login), {
    id,
    event,
    occurredAt: at,
    record: {
      login,
      group,
      name: note,
      email: `${login}@example.com`,
      country: 'CY',
      enable: true,
      leverage: 100,
      customer_id: customerId,
    },
  });

const dataOf = ({ amount, note, login, customerId }: Theme): JsonRecord => ({
  amount,
  note,
  login,
  customerId,
  country: 'CY',
  email: 'someone@example.com',
  risk_level: 3,
  active: true,
  order: { id: login, lines: [{ price: amount }] },
});

const plain: Sample = (theme, { type }) => {
  const { id, at, login, customerId, brand } = theme;
  const body = { id, type, occurredAt: at, brand, login, customerId, causation: [], data: dataOf(theme) };
  return keyed(topics.crm, customerId, body);
};

const structured: Sample = (theme, { type }) => {
  const { id, at, login, customerId, brand } = theme;
  const attributes = { specversion: '1.0', id, type, source: '/crm', time: at, brand, login, customerid: customerId };
  const headers = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
  return keyed(topics.crm, customerId, { ...attributes, data: dataOf(theme) }, headers);
};

const binary: Sample = (theme, { type }) => {
  const { id, at, customerId, brand, login } = theme;
  return keyed(topics.crm, customerId, dataOf(theme), {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: type,
    ce_source: '/crm/binary',
    ce_time: at,
    ce_brand: brand,
    ce_login: String(login),
    ce_customerid: customerId,
  });
};

export const samples = { trade, account, plain, structured, binary };
