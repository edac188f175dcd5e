/**
 * Numbers of runs, reserved in blocks: a busy process asks the store once for many, so the counter is no hot spot. What a
 * process has reserved and not used when it ends stays unused.
 */
import type { Connection } from 'mongoose';
import type { RunNumbers } from '#libs/domain/runs/run-numbers.ts';
import { takeNumbers } from '../mongo/counter.model.ts';
import { guarded } from '../mongo/store-error.ts';

const blockSize = 50;

/** @param block how many are reserved at once, at least */
export function createRunNumbers(connection: Connection, block = blockSize): RunNumbers {
  /** The next number given, and how many are left. */
  const reserved: { next: number; left: number }[] = [];
  const countLeft = (): number => reserved.reduce((sum, { left }) => sum + left, 0);

  return guarded<RunNumbers>({
    async take(count) {
      while (countLeft() < count) {
        const size = Math.max(block, count - countLeft());
        const last = await takeNumbers(connection, 'runs', size);
        reserved.push({ next: last - size + 1, left: size });
      }
      const numbers: number[] = [];
      while (numbers.length < count) {
        const block = reserved[0]!;
        numbers.push(block.next);
        block.next += 1;
        block.left -= 1;
        if (block.left === 0) reserved.shift();
      }
      return numbers;
    },
  });
}
