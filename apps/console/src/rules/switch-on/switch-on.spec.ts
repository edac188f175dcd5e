import { expect, it } from 'vitest';
import { daysOf } from './matches-per-day.ts';
import { lastActive } from './switch-on.queries.ts';

it('shows days without a match between those with one', () => {
  expect(daysOf({ '2026-02-28': 2, '2026-03-02': 1 }, '2026-02-28T23:00:00Z', '2026-03-02T00:00:00Z')).toEqual([
    { day: '2026-02-28', matches: 2 },
    { day: '2026-03-01', matches: 0 },
    { day: '2026-03-02', matches: 1 },
  ]);
});

it('shows no more days than can be seen, and none of those with a match less', () => {
  const days = daysOf({ '1970-01-01': 5 }, '1970-01-01T00:00:00Z', '2026-03-02T00:00:00Z');
  expect(days).toHaveLength(101);
  expect(days[0]).toEqual({ day: '1970-01-01', matches: 5 });
});

it('finds the version that was active last', () => {
  const status = (before: string, after: string) => [{ path: 'status', before, after }];
  const versions = [
    { version: 5, changes: [{ path: 'name', before: 'a', after: 'b' }] },
    { version: 4, changes: status('inactive', 'draft') },
    { version: 3, changes: status('active', 'inactive') },
    { version: 2, changes: status('draft', 'active') },
    { version: 1, changes: [{ path: 'status', after: 'draft' }] },
  ];
  expect(lastActive(versions)).toBe(2);
  expect(lastActive(versions.slice(4))).toBeNull();
});
