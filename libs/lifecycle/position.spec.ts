import { describe, expect, it } from 'vitest';
import { formatPosition, parsePosition } from './position.ts';

describe('a position', () => {
  it.each([
    { topicId: 'pJ3kxO0jS5q7m1d2c3b4_A', next: [0, 12, 345] },
    { topicId: '', next: [7] },
  ])('is read as it was written: %j', (position) => {
    expect(parsePosition(formatPosition(position), 'after')).toEqual(position);
  });

  it.each([
    '',
    '12',
    'a',
    'a.',
    'a.-1',
    'a.1.x',
    'a/b.1',
    'a.1e3',
    `a.${'1'.repeat(16)}`,
    'a.1 ',
    `a${'.1'.repeat(1001)}`,
  ])('is not %j', (text) => {
    expect(() => parsePosition(text, 'after')).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });
});
