import { describe, expect, it } from 'vitest';
import { PartitionProgress } from './partition-progress.ts';

describe('the progress of a partition', () => {
  it('reaches the first message that is not done, whatever is done behind it', () => {
    const progress = new PartitionProgress(5n);
    const [first, second, third] = [5n, 6n, 9n].map((offset) => progress.take(offset)) as [
      () => void,
      () => void,
      () => void,
    ];
    expect([progress.reached, progress.taken, progress.ahead]).toEqual([5n, 10n, 3]);
    second();
    expect([progress.reached, progress.ahead]).toEqual([5n, 3]);
    first();
    expect([progress.reached, progress.ahead]).toEqual([9n, 1]);
    third();
    expect([progress.reached, progress.ahead]).toEqual([10n, 0]);
  });

  it('goes past offsets without a message when all before them is done', () => {
    const progress = new PartitionProgress(0n);
    const done = progress.take(0n);
    progress.takenUpTo(4n);
    expect(progress.reached).toBe(0n);
    done();
    expect(progress.reached).toBe(4n);
    progress.takenUpTo(2n);
    expect(progress.reached).toBe(4n);
  });
});
