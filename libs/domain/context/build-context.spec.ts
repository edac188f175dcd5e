import { describe, expect, it } from 'vitest';
import { buildContext } from './build-context.ts';
import type { PlatformEvent } from '../events/platform-event.ts';

function anEvent(parts: Partial<PlatformEvent>): PlatformEvent {
  return {
    id: 'e-1',
    trigger: 'x',
    topic: 'crm.events',
    occurredAt: '2026-01-01T00:00:00.000Z',
    brand: null,
    login: null,
    customerId: null,
    causation: [],
    data: {},
    ...parts,
  };
}
const noSubject = { brand: null, account: null, customer: null };
const account = { login: 7, group: 'g', customer_id: 'c-1', name: 'Old' };

describe('buildContext', () => {
  it('gives trade rules the record, its amount, the account, the customer and the brand of the group', () => {
    const trade = { login: 7, cmd: 'OP_BALANCE_IN', amount_usd: 250 };
    const customer = { id: 'c-1', brand: 'other' };
    const event = anEvent({ topic: 'trade.push', data: trade, trade });
    expect(buildContext(event, { brand: 'north', account, customer })).toEqual({
      brand: 'north',
      amount_usd: 250,
      event: trade,
      trade,
      account,
      customer,
    });
  });

  it('leaves out what is not there', () => {
    const trade = { login: 7, cmd: 'OP_BUY' };
    const context = buildContext(anEvent({ data: trade, trade }), { ...noSubject, brand: 'north' });
    expect(Object.keys(context).toSorted()).toEqual(['brand', 'event', 'trade']);
  });

  it('takes an account event’s own record for newer than the directory’s', () => {
    const record = { login: 7, group: 'g2', name: 'New' };
    const event = anEvent({ topic: 'account.push', data: record, account: record });
    expect(buildContext(event, { ...noSubject, account }).account).toEqual({ ...record, customer_id: 'c-1' });
    expect(buildContext(event, noSubject).account).toEqual(record);
  });

  it('R-175 shows a freeze of ours, whatever the account event says', () => {
    const record = { login: 7, group: 'g', frozen: false };
    const event = anEvent({ topic: 'account.push', data: record, account: record });
    const frozen = { ...account, frozen: true };
    expect(buildContext(event, { ...noSubject, account: frozen }).account).toMatchObject({ frozen: true });
    expect(buildContext(event, noSubject).account).toEqual({ login: 7, group: 'g' });
  });

  it('makes roots of the objects a CRM event carries, and of nothing else', () => {
    const data = {
      order: { symbol: 'X' },
      transaction: { type: 'card' },
      task: null,
      call: 'text',
      customer: { id: 'x' },
    };
    const context = buildContext(anEvent({ data: { ...data, amount_usd: '99.5' } }), noSubject);
    expect(context).toEqual({
      brand: null,
      amount_usd: 99.5,
      event: { ...data, amount_usd: '99.5' },
      order: { symbol: 'X' },
      transaction: { type: 'card' },
    });
  });

  it.each([
    ['12345678901234567890.12', '12345678901234567890.12'],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['9007199254740993', '9007199254740993'],
    ['1e-400', '1e-400'],
    ['-00250.50', -250.5],
    ['2.5e3', 2500],
    ['+0.0000001', 1e-7],
    ['0.0', 0],
    ['lots', undefined],
  ])('reads the amount %j as a number unless that would lose digits', (amount_usd, expected) => {
    expect(buildContext(anEvent({ data: { amount_usd } }), noSubject).amount_usd).toBe(expected);
  });

  it('a broker record’s members make no roots', () => {
    const trade = { login: 7, cmd: 'OP_BUY', order: 5, task: { due: 1 } };
    expect(buildContext(anEvent({ data: trade, trade }), noSubject)).not.toHaveProperty('task');
  });
});
