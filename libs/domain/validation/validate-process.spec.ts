import { describe, expect, it } from 'vitest';
import { validateRule } from './validate-rule.ts';

const data = [
  { name: 'COMPANY', type: 'TEXT', required: true },
  { name: 'AMOUNT', type: 'NUMERIC' },
  { name: 'CONTRACT', type: 'FILE' },
];
const declared = { name: 'SIMPLE_REQUEST', version: 2, public: true, folder: 'onboarding', data, customer: 'COMPANY' };

function rule(given: object = {}): object {
  return {
    name: 'Simple request',
    trigger_event: 'request.created',
    actions: [{ type: 'add_note', params: { body: 'of {{ data.COMPANY }}' } }],
    process: declared,
    ...given,
  };
}

function firstError(given: object): string {
  const [error] = validateRule(rule(given)).errors;
  return error?.message ?? '';
}

describe('a rule that is a process', () => {
  it('keeps what it declares, with what it need not say', () => {
    expect(validateRule(rule()).rule?.process).toEqual({ ...declared, state: 'active' });
    const plain = validateRule(
      rule({ actions: [{ type: 'add_note', params: { body: 'x' } }], process: { name: 'A' } }),
    );
    expect(plain.rule?.process).toEqual({ name: 'A', version: 1, state: 'active', public: false, data: [] });
  });

  it('may name its data in conditions and texts, and no other data', () => {
    const conditions = { field: 'data.AMOUNT', operator: 'gt', value: 5 };
    expect(validateRule(rule({ conditions })).errors).toEqual([]);
    expect(validateRule(rule({ conditions: { ...conditions, field: 'data.CONTRACT.size' } })).errors).toEqual([]);
    expect(firstError({ conditions: { ...conditions, field: 'data.OTHER' } })).toContain('not a known field');
    expect(firstError({ actions: [{ type: 'add_note', params: { body: '{{ data.OTHER }}' } }] })).toContain(
      'data.OTHER',
    );
  });

  it('lets no other rule name data of requests', () => {
    const { errors } = validateRule(rule({ trigger_event: 'customer.deposited', process: undefined }));
    expect(errors.map(({ code }) => code)).toEqual(['unknown_field']);
  });

  it.each([
    [{ trigger_event: 'customer.deposited' }, 'trigger_event must be request.created'],
    [{ process: undefined, actions: [{ type: 'add_note', params: { body: 'x' } }] }, 'the trigger of processes alone'],
    [{ re_enroll: 'once' }, 're_enroll does not go with process'],
    [{ limit: { count: 1, per: 'hour' } }, 'limit does not go with process'],
    [{ stop_after: true }, 'stop_after does not go with process'],
    [{ status: 'shadow' }, 'set process.state to test'],
    [{ process: [] }, 'process must be an object'],
    [{ process: { ...declared, colour: 'red' } }, 'must hold nothing but name, version'],
    [{ process: { ...declared, name: undefined } }, 'process.name must be a text'],
    [{ process: { ...declared, name: ' A' } }, 'process.name must not be empty, nor begin'],
    [{ process: { ...declared, version: 0 } }, 'process.version must be a whole number from 1'],
    [{ process: { ...declared, version: 1.5 } }, 'process.version must be a whole number from 1'],
    [{ process: { ...declared, state: 'draft' } }, 'process.state must be active or test'],
    [{ process: { ...declared, public: 'yes' } }, 'process.public must be true or false'],
    [{ process: { ...declared, folder: '' } }, 'process.folder must not be empty'],
    [{ process: { ...declared, data: {} } }, 'process.data must be a list'],
    [{ process: { ...declared, data: [...data, { name: 'AMOUNT', type: 'TEXT' }] } }, 'that of another item: AMOUNT'],
    [{ process: { ...declared, data: [...data, { name: 'A B', type: 'TEXT' }] } }, 'process.data[3].name must begin'],
    [{ process: { ...declared, data: [...data, { name: '__proto__', type: 'TEXT' }] } }, 'process.data[3].name'],
    [{ process: { ...declared, data: [...data, { name: 'B', type: 'DATE' }] } }, 'process.data[3].type must be one of'],
    [{ process: { ...declared, data: [...data, { name: 'B', type: 'TEXT', of: 1 }] } }, 'nothing but name, type'],
    [{ process: { ...declared, customer: 'AMOUNT' } }, 'process.customer must be the name of an item'],
    [{ process: { ...declared, login: 'COMPANY' } }, 'process.login must be the name of an item'],
  ])('refuses %j', (given, message) => {
    expect(firstError(given)).toContain(message);
  });
});
