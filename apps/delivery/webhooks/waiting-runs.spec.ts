import { describe, expect, it } from 'vitest';
import { WaitingRuns } from './waiting-runs.ts';

const key = (n: number) => ({ subscription_id: 's1', execution_id: `run-${n}` });

describe('WaitingRuns', () => {
  it('asks the store about none while there are few', async () => {
    const runs = new WaitingRuns();
    runs.add(key(1));
    await runs.prune(() => Promise.reject(new Error('not asked')));
    expect(runs.has(key(1))).toBe(true);
  });

  it('drops of many those whose queues are empty, and none that is added meanwhile', async () => {
    const runs = new WaitingRuns();
    for (let n = 0; n <= 10_000; n += 1) runs.add(key(n));
    await runs.prune(async () => {
      await Promise.resolve();
      runs.add(key(7));
      runs.add(key(20_000));
      return [key(3), key(4)];
    });
    expect([3, 4, 5, 7, 20_000].map((n) => runs.has(key(n)))).toEqual([true, true, false, true, true]);
    expect(runs.size).toBe(4);
  });
});
