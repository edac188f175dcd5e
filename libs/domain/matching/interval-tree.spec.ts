import { describe, expect, it } from 'vitest';
import { IntervalIndex } from './interval-tree.ts';
import { randomNumbers } from '../testing/samples.ts';

describe('IntervalIndex', () => {
  it('finds the intervals that hold a number, ends included', () => {
    const index = new IntervalIndex([
      { low: 1, high: 5, item: 'a' },
      { low: 5, high: 5, item: 'b' },
      { low: -Infinity, high: 4, item: 'c' },
      { low: 4, high: Infinity, item: 'd' },
      { low: 6, high: 2, item: 'empty' },
    ]);
    const at = (number: number): string => {
      const found: string[] = [];
      index.query(number, (item) => found.push(item));
      return found.toSorted().join('');
    };
    expect([0, 1, 4, 5, 5.1, 100].map(at)).toEqual(['c', 'ac', 'acd', 'abd', 'd', 'd']);
  });

  it('finds what looking at each interval finds', () => {
    const random = randomNumbers(5);
    for (const count of [0, 1, 2, 7, 200]) {
      const intervals = Array.from({ length: count }, (_, item) => {
        const low = Math.floor(random() * 50);
        return { low, high: low + Math.floor(random() * 10) - 1, item };
      });
      const index = new IntervalIndex(intervals);
      for (let at = -1; at < 65; at += 1) {
        const found: number[] = [];
        index.query(at, (item) => found.push(item));
        const expected = intervals.filter(({ low, high }) => low <= at && at <= high).map(({ item }) => item);
        expect(found.toSorted((a, b) => a - b)).toEqual(expected);
      }
    }
  });
});
