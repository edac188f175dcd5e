import { describe, expect, it } from 'vitest';
import { readList, readNumber, readScalar, writeList, writeNumber, writeScalar } from './field-values.ts';

describe('numbers', () => {
  it.each([
    ['5,000', 'en', 5000],
    ['5.000', 'en', 5],
    ['5,000.5', 'en', 5000.5],
    ['5,00', 'en', null],
    ['5.000', 'de', 5000],
    ['5,5', 'de', 5.5],
    ['5.5', 'de', 5.5],
    ['1.234.567,25', 'de', 1234567.25],
    ['5 000', 'en', 5000],
    [' 12 ', 'en', 12],
    ['-3', 'en', -3],
    ['1e3', 'en', 1000],
    ['', 'en', null],
    ['5 5', 'en', null],
    ['0x10', 'en', null],
    ['1e999', 'en', null],
    ['5k', 'en', null],
    ['{{ event.n }}', 'en', null],
  ] as const)('%j is read in %s as %j', (text, language, value) => {
    expect(readNumber(text, language)).toBe(value);
  });

  it.each([0, 5000, 1234.5, -0.25, 1e21, 1e-9])('%d comes back as it was in both languages', (value) => {
    for (const language of ['en', 'de'] as const)
      expect(readNumber(writeNumber(value, language), language)).toBe(value);
  });
});

it('keeps as a text what is no number, so that nothing typed is lost', () => {
  expect(readScalar('5k', 'number', 'en')).toBe('5k');
  expect(readScalar('5', 'text', 'en')).toBe('5');
  expect(readScalar('5', 'any', 'en')).toBe(5);
  expect(readScalar('"5"', 'any', 'en')).toBe('5');
});

it.each(['5', 5, 'true', true, 'a', '"a"', '"', '', '5,000', 5000.5])(
  '%j of a field of any type comes back as it was',
  (value) => {
    for (const language of ['en', 'de'] as const) {
      expect(readScalar(writeScalar(value, 'any', language), 'any', language)).toBe(value);
    }
  },
);

it('keeps the types of a list whose lines stay as they were', () => {
  const before = ['5', 6, true, 'a'];
  const text = writeList(before, 'any', 'en');
  expect(readList(text, before, 'any', 'en')).toEqual(before);
  expect(readList(`${text}\n7\n\n`, before, 'any', 'en')).toEqual([...before, 7]);
  expect(readList('BR\nAR', [], 'text', 'en')).toEqual(['BR', 'AR']);
});
