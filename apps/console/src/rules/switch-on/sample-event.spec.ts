import { expect, it } from 'vitest';
import { readEvent, sampleEvent } from './sample-event.ts';

const rule = (conditions: unknown, trigger_event = 'customer.withdrew') =>
  ({ trigger_event, brand: null, conditions }) as Parameters<typeof sampleEvent>[0];

it('is an event of the trigger that says what the conditions ask of it', () => {
  const leaf = (field: string, value: unknown) => ({ field, operator: 'gte', value });
  const rules = [leaf('event.amount', 5000), { not: leaf('event.kind', ['a', 'b']) }, leaf('customer.country', 'BR')];
  expect(JSON.parse(sampleEvent(rule({ match: 'all', rules }), null))).toEqual({
    type: 'customer.withdrew',
    brand: '',
    customerId: '',
    data: { amount: 5000, kind: 'a' },
  });
  expect(JSON.parse(sampleEvent(rule(leaf('event.__proto__', 1)), null))).toMatchObject({ data: {} });
});

it('is a record where the broker publishes events of the trigger, and meets a condition that leaves its bound out', () => {
  const above = (field: string) => ({ field, operator: 'gt', value: 5000 });
  const withdrawal = rule({ match: 'all', rules: [above('amount_usd')] }, 'withdrawal.created');
  expect(JSON.parse(sampleEvent(withdrawal, 500))).toMatchObject({
    event: 'EV_RECORD_ADD',
    record: { login: 500, cmd: 'OP_BALANCE_OUT', amount_usd: 5001 },
  });
  const trade = rule({ not: { field: 'trade.volume', operator: 'lt', value: 100 } }, 'trade.closed');
  expect(JSON.parse(sampleEvent(trade, null))).toMatchObject({
    event: 'EV_RECORD_CLOSE_TRADE',
    record: { volume: 99 },
  });
});

it('is read without the members that were left empty', () => {
  expect(readEvent('{"type":"a","brand":"","data":{"x":""}}')).toEqual({ type: 'a', data: { x: '' } });
  expect(() => readEvent('{')).toThrow(SyntaxError);
  expect(() => readEvent('[]')).toThrow(TypeError);
});
