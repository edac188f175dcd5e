import { expect, it } from 'vitest';
import { plainNumber } from './plain-number.ts';

it.each([
  [1200, '1200'],
  [-0.5, '-0.5'],
  [0, '0'],
  [-0, '0'],
  [1e-7, '0.0000001'],
  [-1.25e-9, '-0.00000000125'],
  [5e-324, `0.${'0'.repeat(323)}5`],
  [1e21, '1000000000000000000000'],
  [-1.5e22, '-15000000000000000000000'],
  [Number.MAX_VALUE, `17976931348623157${'0'.repeat(292)}`],
  [Infinity, ''],
  [-Infinity, ''],
  [NaN, ''],
])('%d reads %s', (number, text) => {
  expect(plainNumber(number)).toBe(text);
});
