import { expect, it } from 'vitest';
import type { RunLimit } from '../rules/rule.ts';
import {
  countRun,
  forgetCounted,
  limitText,
  emptyRunQuota,
  maxRememberedRuns,
  quotaWindow,
  type RunQuota,
} from './run-quota.ts';

const limit: RunLimit = { count: 2, per: { value: 1, unit: 'hours' }, on_exceed: 'hold' };

it('lets as many through as the limit says, and counts none twice', () => {
  const one = countRun(emptyRunQuota, 'a', limit)!;
  const two = countRun(one, 'b', limit)!;
  expect(countRun(two, 'c', limit)).toBeNull();
  expect(countRun(two, 'a', limit)).toBe(two);
  expect(countRun(two, 'c', limit)).toBeNull();
});

it('windows follow one another from 1970 on; those of a day are UTC days', () => {
  expect(quotaWindow(limit, '2026-03-04T05:59:59.999Z')).toBe('2026-03-04T05:00:00.000Z');
  expect(quotaWindow(limit, '2026-03-04T06:00:00.000Z')).toBe('2026-03-04T06:00:00.000Z');
  const daily = { ...limit, per: { value: 1, unit: 'days' } } as const;
  expect(quotaWindow(daily, '2026-03-04T05:59:59.999Z')).toBe('2026-03-04T00:00:00.000Z');
});

it('forgets ids of recorded runs, never the count', () => {
  const counted = Array.from({ length: maxRememberedRuns + 10 }, (_, index) => `r${index}`);
  const before: RunQuota = { count: 9000, counted };
  const after = forgetCounted(before, (run) => run !== 'r3');
  expect(after.count).toBe(9000);
  expect(after.counted).toEqual(['r3', ...counted.slice(10)]);
});

it('says what was agreed in words', () => {
  expect(limitText({ guard: limit, decidedAt: '2026-03-04T05:10:00.000Z' })).toBe(
    '2 runs in 1 hour (from 2026-03-04T05:00:00.000Z on)',
  );
});
