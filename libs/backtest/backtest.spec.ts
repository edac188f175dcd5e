import { describe, expect, it } from 'vitest';
import type { IncomingMessage } from '#libs/contracts/message.ts';
import { maxSamples } from '#libs/domain/rules/backtest-result.ts';
import type { DirectoryReader } from '#libs/domain/directory/directory.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { aRule, predicate } from '#libs/domain/testing/samples.ts';
import { Backtest } from './backtest.ts';

const directory: DirectoryReader = {
  changes: () => Promise.resolve({ revision: 1, logins: [] }),
  accounts: () => Promise.resolve(new Map()),
  accountHistories: () => Promise.resolve(new Map()),
  groups: () => Promise.resolve(new Map()),
  customers: (ids) => Promise.resolve(new Map([...ids].map((id) => [id, { id, country: 'BR' }]))),
  customerAccounts: () => Promise.resolve(new Map()),
};
const trigger_event = 'customer.deposited';
const atLeast = (value: number): Rule =>
  aRule({ trigger_event, conditions: predicate('event.amount', 'gte', value), status: 'draft' });

const backtest = (candidate: Rule, stored: Rule | null = null) =>
  new Backtest({ candidate, stored, directory, limits: { maxBytes: 100_000, maxDepth: 64, maxAheadMs: 60_000 } });

let offset = 0;
function message(value: unknown, topic: string = topics.crm): IncomingMessage {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  offset += 1;
  return {
    topic,
    partition: 0,
    offset: String(offset),
    timestamp: String(Date.parse('2026-02-01T12:00:00.000Z')),
    key: null,
    value: Buffer.from(text),
    headers: undefined,
  };
}
const deposit = (id: string, amount: number, day = 1, more: object = {}) =>
  message({
    id,
    type: trigger_event,
    occurredAt: `2026-01-0${day}T12:00:00.000Z`,
    brand: 'a',
    data: { amount },
    ...more,
  });

describe('a backtest', () => {
  it('asks the directory once for what it needs again', async () => {
    const asked: number[] = [];
    const accountHistories = (logins: Iterable<number>) => {
      asked.push(...logins);
      return Promise.resolve(new Map());
    };
    const candidate = atLeast(0);
    const limits = { maxBytes: 100_000, maxDepth: 64, maxAheadMs: 60_000 };
    const test = new Backtest({ candidate, stored: null, directory: { ...directory, accountHistories }, limits });
    for (const id of ['1', '2', '3']) await test.take([deposit(id, 1, 1, { brand: undefined, login: 7 })]);
    expect(asked).toEqual([7]);
    expect(test.result.matches).toBe(3);
  });

  it('counts by day, and shows what would have been done', async () => {
    const actions = [{ type: 'add_note', params: { body: '{{customer.country}} token=secret-0123456789' } }];
    const test = backtest({ ...atLeast(100), actions });
    await test.take([deposit('1', 50), deposit('2', 100, 1, { customerId: 'c-1' }), message('{')]);
    await test.take([deposit('3', 200, 2), message({ type: 'other', data: {} }), deposit('3', 200, 2)]);
    expect(test.result).toMatchObject({
      events_read: 6,
      undecodable: 1,
      events_considered: 4,
      matches: 2,
      matches_per_day: { '2026-01-01': 1, '2026-01-02': 1 },
      difference: null,
      from: '2026-01-01T12:00:00.000Z',
    });
    expect(test.result.samples[0]).toEqual({
      event_id: '2',
      at: '2026-01-01T12:00:00.000Z',
      brand: 'a',
      customer_id: 'c-1',
      login: null,
      actions: [{ type: 'add_note', params: { body: 'BR token=***6789' } }],
    });
  });

  it('tells the difference to what is stored, also when the trigger changes', async () => {
    const test = backtest(atLeast(100), atLeast(200));
    await test.take([deposit('1', 50), deposit('2', 150), deposit('3', 250)]);
    expect(test.result.difference).toEqual({
      both: 1,
      only_candidate: 1,
      only_stored: 0,
      samples: { only_candidate: ['2'], only_stored: [] },
    });
    const other = backtest(atLeast(0), { ...atLeast(0), trigger_event: 'customer.withdrew' });
    await other.take([
      deposit('1', 1),
      message({ id: 'w', type: 'customer.withdrew', brand: 'a', data: { amount: 5 } }),
    ]);
    expect(other.result).toMatchObject({ matches: 1, difference: { both: 0, only_candidate: 1, only_stored: 1 } });
  });

  it('knows the brand of the rule, and passes over records of the broker that have none', async () => {
    const test = backtest({ ...atLeast(0), brand: 'b' });
    await test.take([deposit('1', 1), deposit('2', 1, 1, { brand: 'b' })]);
    expect(test.result.matches).toBe(1);
    const lost = backtest(aRule({ trigger_event: 'trade.opened' }));
    await lost.take([message({ order: 1, login: 7, cmd: 0, symbol: 'X', event: 'open' }, topics.trade)]);
    expect(lost.result.matches).toBe(0);
  });

  it('shows no more actions than fit into an answer', async () => {
    const body = 'x'.repeat(90_000);
    const test = backtest({ ...atLeast(0), actions: [{ type: 'add_note', params: { body } }] });
    await test.take([deposit('1', 1), deposit('2', 1), deposit('3', 1)]);
    expect(test.result.samples.map(({ actions }) => actions !== null)).toEqual([true, true, false]);
  });

  it('shows a few of many', async () => {
    const test = backtest(atLeast(0));
    await test.take(Array.from({ length: 50 }, (_, index) => deposit(`e${index}`, 1)));
    expect(test.result.matches).toBe(50);
    expect(test.result.samples).toHaveLength(maxSamples);
  });
});
