/**
 * What conditions see of a real message and of real directory records: for each field one rule that must run, and one
 * that must not. Runs are only started here.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { fieldsWithStatuses } from '#libs/domain/context/fields.ts';
import type { Operator } from '#libs/domain/rules/rule.ts';
import { validateRule } from '#libs/domain/validation/validate-rule.ts';
import { IngressWorld } from '../../support/ingress.ts';
import { uniqueName } from '../../support/servers.ts';

type Condition = [Operator, unknown];
type Case = [number: string, field: string, holds: Condition, fails: Condition];

const statuses = [
  { id: 7, type: 'sales', code: 'vip' },
  { id: 'gold', type: 'vip-level', code: 'gold', label: 'Gold' },
];
const directory = {
  groups: [{ name: 'north-usd', brand: 'north' }],
  accounts: [{ login: 5001, group: 'north-usd', country: 'AR', leverage: 50, customer_id: 'c-1' }],
  customers: [
    {
      id: 'c-1',
      // Of another brand on purpose: the account's group decides.
      brand: 'south',
      country: 'BR',
      language: 'pt',
      email: 'ana@example.com',
      kyc_status: 'approved',
      kyc_current_level: 2,
      risk_level: 'high',
      sales_status_id: 7,
      sales_status: 'vip',
      retention_status: 'churning',
      'vip-level_status_id': 'gold',
    },
  ],
  statuses,
};

const trade = {
  order: 900_001,
  login: 5001,
  cmd: 'OP_SELL',
  volume: 1000,
  close_price: 1.0842,
  symbol: 'EURUSD',
  comment: 'copied from 77',
};
const account = {
  login: 5001,
  group: 'north-usd',
  name: 'Ana Souza',
  email: 'Ana@Example.com',
  country: 'BR',
  enable: 1,
  leverage: 100,
};
const crmData = {
  amount: 1200,
  amount_usd: 250.5,
  order: { symbol: 'XAUUSD' },
  transaction: { type: 'card' },
};

const customerCases: Case[] = [
  ['R-061', 'customer.country', ['eq', 'br'], ['eq', 'AR']],
  ['R-062', 'customer.language', ['eq', 'pt'], ['eq', 'es']],
  ['R-063', 'customer.email', ['eq', 'ANA@example.com'], ['is_null', undefined]],
  ['R-064', 'customer.kyc_status', ['eq', 'approved'], ['eq', 'pending']],
  ['R-065', 'customer.kyc_current_level', ['between', [2, 2]], ['gte', 3]],
  ['R-066', 'customer.risk_level', ['eq', 'high'], ['eq', 'low']],
];
const accountCases: Case[] = [
  ['R-044', 'brand', ['eq', 'north'], ['eq', 'south']],
  ['R-054', 'account.login', ['eq', 5001], ['neq', 5001]],
  ['R-055', 'account.group', ['eq', 'north-usd'], ['ends_with', '-eur']],
];

const byMessage: { title: string; trigger: string; topic: string; value: object; cases: Case[] }[] = [
  {
    title: 'a trade',
    trigger: 'trade.opened',
    topic: topics.trade,
    value: { event: 'EV_RECORD_ADD', record: trade },
    cases: [
      ['R-046', 'trade.order', ['eq', 900_001], ['lt', 900_001]],
      ['R-047', 'trade.login', ['eq', 5001], ['eq', 5002]],
      ['R-048', 'trade.cmd', ['eq', 'OP_SELL'], ['eq', 'OP_BUY']],
      ['R-049', 'trade.volume', ['eq', 1000], ['neq', 1000]],
      ['R-050', 'trade.volume', ['gte', 1000], ['gt', 1000]],
      ['R-051', 'trade.close_price', ['eq', 1.0842], ['gt', 1.0842]],
      ['R-052', 'trade.symbol', ['eq', 'EURUSD'], ['eq', 'GBPUSD']],
      ['R-053', 'trade.comment', ['eq', 'copied from 77'], ['regex', '^manual']],
      ...accountCases,
      ['', 'account.country', ['eq', 'AR'], ['eq', 'BR']],
      ...customerCases,
    ],
  },
  {
    title: 'a deposit of the broker',
    trigger: 'deposit.created',
    topic: topics.trade,
    value: { event: 'EV_RECORD_ADD', record: { login: 5001, cmd: 'OP_BALANCE_IN', amount_usd: 250.5 } },
    cases: [['R-045', 'amount_usd', ['eq', 250.5], ['gt', 250.5]]],
  },
  {
    title: 'an account',
    trigger: 'account:updated',
    topic: topics.account,
    value: { event: 'EV_RECORD_UPDATE', record: account },
    cases: [
      ...accountCases,
      ['R-056', 'account.name', ['eq', 'Ana Souza'], ['eq', 'Ana']],
      ['R-057', 'account.email', ['eq', 'ana@example.com'], ['eq', 'eva@example.com']],
      ['R-058', 'account.country', ['eq', 'br'], ['eq', 'AR']],
      ['R-059', 'account.enable', ['eq', true], ['eq', false]],
      ['R-060', 'account.leverage', ['eq', 100], ['eq', 50]],
      ...customerCases,
    ],
  },
  {
    title: 'a CRM event',
    trigger: 'customer.deposited',
    topic: topics.crm,
    value: { type: 'customer.deposited', customerId: 'c-1', data: crmData },
    cases: [
      ['R-044', 'brand', ['eq', 'north'], ['eq', 'south']],
      ['R-045', 'amount_usd', ['eq', 250.5], ['gt', 250.5]],
      ['R-154', 'customer.country', ['eq', 'BR'], ['neq', 'BR']],
      ['R-155', 'customer.sales_status_id', ['eq', '7'], ['eq', 8]],
      ['R-156', 'customer.retention_status', ['eq', 'churning'], ['eq', 'loyal']],
      ['R-157', 'event.amount', ['eq', 1200], ['gt', 1200]],
      ['R-158', 'order.symbol', ['eq', 'XAUUSD'], ['eq', 'EURUSD']],
      ['R-159', 'transaction.type', ['eq', 'card'], ['eq', 'wire']],
      ['R-160', 'customer.sales_status', ['eq', 'vip'], ['eq', 'new']],
      ['R-161', 'customer.vip-level_status_id', ['eq', 'gold'], ['eq', 'silver']],
    ],
  },
];

let world: IngressWorld;
const ran = new Map<string, Set<string>>();
const nameOf = (trigger: string, field: string, condition: Condition): string =>
  `${trigger}: ${field} ${condition.join(' ')}`;

/** Checked as the API checks it, beside the statuses of the directory. */
async function loadRule(trigger: string, field: string, [operator, value]: Condition): Promise<[string, string]> {
  const conditions = { field, operator, ...(value !== undefined && { value }) };
  const definition = { name: 'r', trigger_event: trigger, conditions, actions: [{ type: 'notify.manager' }] };
  const { rule, errors } = validateRule(definition, { fields: fieldsWithStatuses(statuses) });
  expect(errors).toEqual([]);
  return [await world.rule(rule!), nameOf(trigger, field, [operator, value])];
}

beforeAll(async () => {
  world = await IngressWorld.create();
  await world.directory.load(directory);
  const names = new Map<string, string>();
  for (const { trigger, cases } of byMessage) {
    for (const [, field, holds, fails] of cases) {
      for (const condition of [holds, fails]) names.set(...(await loadRule(trigger, field, condition)));
    }
  }
  const ingress = await world.startIngress();
  await world.rulesLive(ingress);
  for (const { trigger, topic, value } of byMessage) {
    const id = uniqueName('evt');
    await world.publish(topic, { value: { id, ...value } });
    await world.drained();
    const records = (await world.records()).filter(({ event_id }) => event_id === id);
    ran.set(trigger, new Set(records.map(({ rule_id }) => names.get(rule_id) ?? rule_id)));
  }
}, 120_000);

afterAll(() => world.close());

describe.each(byMessage)('$title', ({ trigger, cases }) => {
  it.each(cases)('%s shows conditions %s, as it came', (_number, field, holds, fails) => {
    expect(ran.get(trigger)).toContain(nameOf(trigger, field, holds));
    expect(ran.get(trigger)).not.toContain(nameOf(trigger, field, fails));
  });
});
