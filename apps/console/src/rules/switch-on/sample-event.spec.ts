import { expect, it } from 'vitest';
import { readEvent, sampleEvent } from './sample-event.ts';

const rule = (conditions: unknown) =>
  ({ trigger_event: 'customer.withdrew', brand: null, conditions }) as Parameters<typeof sampleEvent>[0];

it('is an event of the trigger that says what the conditions ask of it', () => {
  const leaf = (field: string, value: unknown) => ({ field, operator: 'gte', value });
  const rules = [leaf('event.amount', 5000), { not: leaf('event.kind', ['a', 'b']) }, leaf('customer.country', 'BR')];
  expect(JSON.parse(sampleEvent(rule({ match: 'all', rules })))).toEqual({
    type: 'customer.withdrew',
    brand: '',
    customerId: '',
    data: { amount: 5000, kind: 'a' },
  });
  expect(JSON.parse(sampleEvent(rule(leaf('event.__proto__', 1))))).toMatchObject({ data: {} });
});

it('is read without the members that were left empty', () => {
  expect(readEvent('{"type":"a","brand":"","data":{"x":""}}')).toEqual({ type: 'a', data: { x: '' } });
  expect(() => readEvent('{')).toThrow(SyntaxError);
  expect(() => readEvent('[]')).toThrow(TypeError);
});
