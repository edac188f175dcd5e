import { expect, it } from 'vitest';
import { silentDays } from './customer-activity.ts';

it.each([
  ['2026-03-01', '2026-03-01', 0],
  ['2026-02-28', '2026-03-01', 0],
  ['2026-02-27', '2026-03-01', 1],
  ['2024-02-28', '2024-03-01', 1],
  ['2025-12-31', '2026-01-31', 30],
  ['2026-03-02', '2026-03-01', 0],
])('R-140 heard of on %s, a customer has been silent on %s for %i whole days', (lastDay, today, days) => {
  expect(silentDays(lastDay, today)).toBe(days);
});
