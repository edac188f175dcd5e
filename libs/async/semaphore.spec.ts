import { expect, it } from 'vitest';
import { Semaphore } from './semaphore.ts';

it('lets no more than its limit through at once, in order, and goes on after a failure', async () => {
  const gate = new Semaphore(2);
  let inside = 0;
  let most = 0;
  const order: number[] = [];
  const work = (index: number) =>
    gate.run(async () => {
      order.push(index);
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      if (index === 1) throw new Error('one of them fails');
    });
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, (_, index) => work(index)));
  expect(most).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
});
