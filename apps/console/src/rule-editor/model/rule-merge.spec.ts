import { expect, it } from 'vitest';
import { compareRules, isSame, mergeRules } from './rule-merge.ts';

const base = { name: 'a', priority: 1, actions: [{ type: 'x' }], limit: { count: 1 } };

it('tells who changed what', () => {
  const mine = { ...base, name: 'mine', priority: 2, brand: 'alder' };
  const theirs = { name: 'theirs', priority: 1, actions: [{ type: 'y' }], brand: 'alder' };
  expect(compareRules(base, mine, theirs)).toEqual([
    { name: 'name', base: 'a', mine: 'mine', theirs: 'theirs', by: 'both' },
    { name: 'priority', base: 1, mine: 2, theirs: 1, by: 'me' },
    { name: 'actions', base: [{ type: 'x' }], mine: [{ type: 'x' }], theirs: [{ type: 'y' }], by: 'them' },
    { name: 'limit', base: { count: 1 }, mine: { count: 1 }, theirs: undefined, by: 'them' },
  ]);
  expect(mergeRules(mine, theirs, { name: 'mine', priority: 'mine', limit: 'mine', actions: 'theirs' })).toEqual({
    name: 'mine',
    priority: 2,
    actions: [{ type: 'y' }],
    brand: 'alder',
    limit: { count: 1 },
  });
  expect(mergeRules(base, mine, { brand: 'mine' })).toEqual({ ...base, name: 'mine', priority: 2 });
});

it('compares values of any depth, whatever the order of their members', () => {
  const deep = (levels: number, last: unknown): unknown => {
    let value = last;
    for (let level = 0; level < levels; level += 1) value = { not: value };
    return value;
  };
  expect(isSame(deep(100_000, 1), deep(100_000, 1))).toBe(true);
  expect(isSame(deep(100_000, 1), deep(100_000, 2))).toBe(false);
  expect(isSame({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
  expect(isSame([1, 2], [2, 1])).toBe(false);
  expect(isSame([], {})).toBe(false);
  expect(isSame({ a: undefined }, { b: undefined })).toBe(false);
  expect(isSame(null, {})).toBe(false);
});
