import { describe, expect, it } from 'vitest';
import { fitsForm, readTree, treeLimits, writeTree } from './condition-tree.ts';
import { readRule, writeRule } from './rule-model.ts';

const operators = [
  'eq',
  'neq',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'not_in',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'between',
  'is_null',
  'is_not_null',
  'regex',
  'not-one-of-ours',
];
const values = [0, -1.5, 1e300, '', 'a', '5', true, false, null, [], ['a', 5, true], [1, 2], {}, { a: [{}] }];

/** Numbers from 0 to below 1, the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const random = seeded(18);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

function condition(levels: number): unknown {
  const chance = random();
  if (levels > 0 && chance < 0.3) return { not: condition(levels - 1) };
  if (levels > 0 && chance < 0.65) {
    const rules = Array.from({ length: Math.floor(random() * 4) }, () => condition(levels - 1));
    return { match: pick(['all', 'any']), rules };
  }
  if (chance > 0.97) return pick<unknown>([null, 5, 'text', [], { rules: [] }, { not: 1, match: 'all' }, { field: 5 }]);
  const value = pick([undefined, ...values]);
  const more = chance > 0.94 && { colour: 'red' };
  return {
    field: pick(['event.amount', 'brand', '']),
    operator: pick(operators),
    ...(value !== undefined && { value }),
    ...more,
  };
}

describe('a tree of conditions', () => {
  it.each([
    ['a leaf at the root', { field: 'brand', operator: 'eq', value: 'alder' }],
    ['a negated leaf', { not: { field: 'brand', operator: 'is_null' } }],
    ['nested not', { not: { not: { not: { match: 'any', rules: [] } } } }],
    ['a list', [{ field: 'brand', operator: 'eq', value: 'alder' }, { not: { match: 'all', rules: [] } }]],
    ['an empty list', []],
    ['a list within a list', [[{ field: 'brand', operator: 'is_null' }]]],
    ['a group in the form that validation refuses', { match: 'none', rules: [] }],
    ['a value of null', { field: 'brand', operator: 'eq', value: null }],
    ['a text', 'brand is alder'],
  ])('comes back exactly as it was: %s', (_, conditions) => {
    expect(writeTree(readTree(conditions))).toStrictEqual(conditions);
  });

  it('comes back exactly as it was, for thousands of trees and every operator', () => {
    for (let round = 0; round < 3000; round += 1) {
      const conditions = condition(Math.floor(random() * 11));
      expect(writeTree(readTree(conditions))).toStrictEqual(conditions);
      const rule = { name: 'x', odd: { a: 1 }, conditions, actions: [{ type: 'add_note', params: { body: 'x' } }] };
      expect(writeRule(readRule(rule))).toStrictEqual(conditions === null ? { ...rule, conditions: null } : rule);
    }
  });

  const nested = (levels: number): unknown => {
    let tree: unknown = { field: 'brand', operator: 'is_null' };
    for (let level = 1; level < levels; level += 1) tree = { not: tree };
    return tree;
  };
  const wide = (nodes: number) => ({
    match: 'all',
    rules: Array.from({ length: nodes - 1 }, () => ({ field: 'brand', operator: 'is_null' })),
  });

  it('is for the form up to 12 levels and 500 nodes', () => {
    expect(fitsForm(nested(treeLimits.levels))).toBe(true);
    expect(fitsForm(nested(treeLimits.levels + 1))).toBe(false);
    expect(fitsForm(wide(treeLimits.nodes))).toBe(true);
    expect(fitsForm(wide(treeLimits.nodes + 1))).toBe(false);
  });

  it('of any depth is kept as it is', () => {
    const rule = { name: 'x', conditions: nested(100_000), actions: [] };
    const read = readRule(rule);
    expect(read.conditions).toEqual({ large: rule.conditions });
    expect(writeRule(read)['conditions']).toBe(rule.conditions);
  });
});

describe('a rule', () => {
  it.each([
    ['no conditions and no actions', { name: 'x' }],
    ['null as conditions', { name: 'x', conditions: null, actions: [] }],
    ['actions that are none', { name: 'x', actions: 'send a mail' }],
    [
      'actions of other forms',
      {
        actions: [
          5,
          null,
          { type: 5 },
          { type: 'delay' },
          { type: 'a', params: null },
          { type: 'a', at: 1 },
          { type: 'a', params: [] },
        ],
      },
    ],
    [
      'a process',
      {
        name: 'x',
        trigger_event: 'request.created',
        process: { name: 'P', data: [{ name: 'A', type: 'TEXT' }] },
        actions: [{ type: 'kyc.require_step', params: { step: { deep: [1] } } }],
      },
    ],
  ])('comes back exactly as it was with %s', (_, rule) => {
    expect(writeRule(readRule(rule))).toStrictEqual(rule);
  });

  it('has its members in the order in which it is read', () => {
    const rule = { zebra: 1, actions: [], conditions: [], status: 'draft', name: 'x', id: 'a' };
    expect(Object.keys(writeRule(readRule(rule)))).toEqual(['id', 'name', 'status', 'conditions', 'actions', 'zebra']);
  });
});
