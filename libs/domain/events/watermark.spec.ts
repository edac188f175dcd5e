import { describe, expect, it } from 'vitest';
import {
  isProcessed,
  isOpen,
  maxRanges,
  withProcessedUpTo,
  withProcessed,
  withReopened,
  type Watermark,
} from './watermark.ts';

const range = (from: number, to: number) => ({ from: BigInt(from), to: BigInt(to) });
const openOf = (mark: Watermark | null, upTo: number) =>
  Array.from({ length: upTo }, (_, offset) => offset).filter((offset) => isOpen(mark, BigInt(offset)));

describe('a watermark', () => {
  it('leaves everything open before anything is processed', () => {
    expect(openOf(null, 3)).toEqual([0, 1, 2]);
  });

  it('closes what was processed', () => {
    expect(openOf(withProcessed(null, range(0, 3)), 5)).toEqual([3, 4]);
  });

  it('keeps offsets open that the consumer was set forward over', () => {
    const mark = withProcessed(withProcessed(null, range(0, 2)), range(5, 8));
    expect(openOf(mark, 9)).toEqual([2, 3, 4, 8]);
    expect(openOf(withProcessed(mark, range(2, 4)), 9)).toEqual([4, 8]);
    expect(openOf(withProcessed(mark, range(0, 9)), 9)).toEqual([]);
  });

  it('keeps offsets open below the first one that was ever read', () => {
    expect(openOf(withProcessed(null, range(3, 5)), 6)).toEqual([0, 1, 2, 5]);
  });

  it('opens a range again, and closes it as it is processed once more', () => {
    const mark = withReopened(withProcessed(null, range(0, 6)), range(2, 4));
    expect(openOf(mark, 7)).toEqual([2, 3, 6]);
    expect(openOf(withProcessed(mark, range(2, 3)), 7)).toEqual([3, 6]);
  });

  it('opens nothing that was never reached', () => {
    const mark = withProcessed(null, range(0, 6));
    expect(withReopened(mark, range(6, 9))).toBeNull();
    expect(withReopened(mark, range(4, 9))?.reopened).toEqual([range(4, 6)]);
    expect(withReopened(null, range(0, 9))).toBeNull();
  });

  it('knows the decided range until it is processed', () => {
    const mark = withProcessedUpTo(withProcessed(null, range(0, 3)), range(3, 6));
    expect([2, 3, 5, 6].map((offset) => isProcessed(mark, BigInt(offset)))).toEqual([false, true, true, false]);
    const both = withProcessedUpTo(mark, range(6, 9));
    expect(isProcessed(both, 4n)).toBe(true);
    expect(withProcessed(both, range(3, 6)).decided).toEqual([range(6, 9)]);
  });

  it('forgets that a range was decided when it is opened again', () => {
    const mark = withReopened(withProcessedUpTo(withProcessed(null, range(0, 6)), range(3, 6)), range(0, 4));
    expect([3n, 4n].map((offset) => isProcessed(mark, offset))).toEqual([false, true]);
    const other = withReopened(withProcessedUpTo(withProcessed(null, range(0, 3)), range(3, 6)), range(0, 2));
    expect(isProcessed(other, 4n)).toBe(true);
  });

  it('merges the closest ranges rather than losing one when there are too many', () => {
    let mark: Watermark | null = null;
    for (let index = 0; index <= maxRanges + 1; index++)
      mark = withProcessed(mark, range(index * 10 + 5, index * 10 + 10));
    expect(mark?.passedOver.length).toBe(maxRanges);
    expect(openOf(mark, 10_030).filter((offset) => offset % 10 < 5 && offset < 10_010)).toHaveLength(5005);
  });
});
