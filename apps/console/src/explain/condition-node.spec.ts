import { describe, expect, it } from 'vitest';
import { fromConditions, fromVerdicts } from './condition-node.ts';

const leaf = (value: number) => ({ field: 'event.amount', operator: 'gte', value });
const shown = (wanted: number) => ({ kind: 'leaf', field: 'event.amount', operator: 'gte', wanted, children: [] });

describe('fromConditions', () => {
  it('keeps groups, NOT and leaves, also at the root', () => {
    expect(fromConditions(leaf(1))).toEqual(shown(1));
    expect(fromConditions({ match: 'any', rules: [leaf(1), { not: { match: 'all', rules: [leaf(2)] } }] })).toEqual({
      kind: 'any',
      children: [shown(1), { kind: 'not', children: [{ kind: 'all', children: [shown(2)] }] }],
    });
    expect(fromConditions({ field: 'customer.id', operator: 'is_null' })).not.toHaveProperty('wanted');
  });

  it('says where it is cut: of a deep tree, and of a wide one', () => {
    let deep: unknown = leaf(1);
    for (let level = 0; level < 10_000; level += 1) deep = { not: deep };
    expect(JSON.stringify(fromConditions(deep))).toContain('"isCut":true');
    const wide = fromConditions({ match: 'all', rules: Array.from({ length: 1000 }, (_, n) => leaf(n)) });
    expect(wide).toMatchObject({ isCut: true });
    expect(wide!.children.length).toBeLessThan(400);
  });

  it('makes nothing of what is no condition', () => {
    expect(fromConditions(null)).toBeNull();
    expect(fromConditions('all')).toBeNull();
  });
});

describe('fromVerdicts', () => {
  it('makes the tree of the paths again', () => {
    const seen = { field: 'event.amount', operator: 'gte' as const, wanted: 1, seen: null };
    const verdicts = [
      { path: 'conditions', kind: 'all' as const, holds: false },
      { path: 'conditions.rules[0]', kind: 'not' as const, holds: true },
      { path: 'conditions.rules[0].not', holds: false, ...seen },
      { path: 'conditions.rules[1]', holds: false, ...seen },
      // Not in rules[1].
      { path: 'conditions.rules[10]', holds: true, ...seen },
    ];
    expect(fromVerdicts(verdicts)).toMatchObject([
      {
        kind: 'all',
        holds: false,
        children: [
          { kind: 'not', holds: true, children: [{ kind: 'leaf', holds: false, seen: null }] },
          { kind: 'leaf', children: [] },
          { kind: 'leaf', children: [] },
        ],
      },
    ]);
  });
});
