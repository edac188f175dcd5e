import { expect, it } from 'vitest';
import { fieldsFor, firstField, typeOfField } from './trigger-fields.ts';

const known = [
  { path: 'brand', type: 'string', description: '' },
  { path: 'amount_usd', type: 'number', description: '' },
  { path: 'trade.symbol', type: 'string', description: '' },
  { path: 'customer.country', type: 'string', description: '' },
  { path: 'event.amount', type: 'number', description: '' },
  { path: 'event.inactive_days', type: 'integer', description: '' },
] as const;
const crm = { roots: ['event', 'customer', 'brand', 'amount_usd'] };

const own = (name: string, trigger: Parameters<typeof fieldsFor>[2], process?: unknown): string[] =>
  fieldsFor(known, name, trigger, process)
    .filter(({ isOwn }) => isOwn)
    .map(({ path }) => path);

it('begins with what the event is about, and leaves out what it does not have', () => {
  const withdrawal = { roots: ['amount_usd', 'trade', 'customer', 'brand'] };
  expect(own('withdrawal.created', withdrawal)).toEqual(['amount_usd', 'trade.symbol', 'customer.country', 'brand']);
  expect(own('customer.withdrew', crm)).toEqual(['event.amount', 'customer.country', 'brand', 'amount_usd']);
  expect(own('customer.registered', crm)).toEqual(['customer.country', 'brand', 'amount_usd']);
  expect(own('customer.inactive_days', crm)[0]).toBe('event.inactive_days');
  expect(fieldsFor(known, 'customer.registered', crm, undefined)).toHaveLength(known.length);
});

it('has what was observed, and the data of a process', () => {
  const observed = {
    ...crm,
    fields: [
      { path: 'event.tier', type: 'string' },
      { path: 'event.amount', type: 'number' },
    ] as const,
  };
  expect(own('loyalty.reached', observed).slice(0, 2)).toEqual(['event.amount', 'event.tier']);
  const process = { data: [{ name: 'AMOUNT', type: 'NUMERIC' }, { name: 'ID', type: 'FILE' }, { name: 5 }, 'odd'] };
  const fields = fieldsFor(known, 'request.created', { roots: ['data'] }, process);
  expect(fields.slice(0, 2).map(({ path }) => path)).toEqual(['data.AMOUNT', 'data.ID.name']);
  expect(typeOfField(fields, 'data.AMOUNT')).toBe('number');
  expect(own('request.created', { roots: ['data'] }, 'odd')).toEqual([]);
});

it('offers an amount first', () => {
  expect(firstField(fieldsFor(known, 'customer.withdrew', crm, undefined))).toBe('event.amount');
  expect(firstField(fieldsFor(known, 'call.completed', { roots: ['customer'] }, undefined))).toBe('customer.country');
  expect(firstField([])).toBe('');
});

it('knows types as the API does', () => {
  expect(typeOfField(known, 'customer.vip_status_id')).toBe('id');
  expect(typeOfField(known, 'event.other')).toBe('any');
});
