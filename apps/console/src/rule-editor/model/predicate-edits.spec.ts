import { expect, it } from 'vitest';
import { suitable, withField, withOperator, type KnownOperator } from './predicate-edits.ts';

const operators: KnownOperator[] = [
  { code: 'eq', value_shape: 'scalar', types: ['number', 'string', 'boolean'] },
  { code: 'gt', value_shape: 'number_or_date', types: ['number'] },
  { code: 'in', value_shape: 'array', types: ['number', 'string'] },
  { code: 'between', value_shape: 'pair', types: ['number'] },
  { code: 'is_null', value_shape: 'none', types: ['number', 'string', 'boolean'] },
];

it('keeps what still suits another field', () => {
  const says = { field: 'a', operator: 'gt', value: 5 };
  expect(withField(says, 'b', ['number', 'number'], operators)).toEqual({ field: 'b', operator: 'gt', value: 5 });
  expect(withField(says, 'b', ['number', 'string'], operators)).toEqual({ field: 'b', operator: 'eq' });
  expect(withField({ ...says, operator: 'eq' }, 'b', ['number', 'string'], operators)).toEqual({
    field: 'b',
    operator: 'eq',
  });
  expect(withField({ field: 'a', operator: 'is_null' }, 'b', ['number', 'boolean'], operators)).toEqual({
    field: 'b',
    operator: 'is_null',
  });
});

it('writes the value as another operator wants it', () => {
  const from = (value: unknown, operator: string): unknown =>
    withOperator({ field: 'a', operator: 'eq', value }, operator, operators).value;
  expect(from(5, 'in')).toEqual([5]);
  expect(from([5, 6], 'eq')).toBe(5);
  expect(from([5, 6, 7], 'between')).toEqual([5, 6]);
  expect(from(5, 'between')).toEqual([5]);
  expect(from(5, 'gt')).toBe(5);
  expect('value' in withOperator({ field: 'a', operator: 'eq', value: 5 }, 'is_null', operators)).toBe(false);
  expect(from(undefined, 'in')).toBeUndefined();
});

it('offers operators by type, and the one there is', () => {
  expect(suitable(operators, 'boolean', 'gt').map(({ code }) => code)).toEqual(['eq', 'gt', 'is_null']);
});
