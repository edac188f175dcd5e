import { expect, it } from 'vitest';
import { startOfDay } from './overview.queries.ts';

it('begins the day at midnight of the time zone of the browser', () => {
  const midnight = new Date(2026, 0, 2, 0, 0, 0, 0);
  expect(startOfDay(new Date(2026, 0, 2, 23, 59, 59, 999))).toBe(midnight.toISOString());
  expect(startOfDay(midnight)).toBe(midnight.toISOString());
});
