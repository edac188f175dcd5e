import { describe, expect, it } from 'vitest';
import { PredicateCompiler } from './predicate-compiler.ts';
import { toIndexKeys } from './index-keys.ts';
import type { ConditionNode } from '../rules/rule.ts';
import { predicate } from '../testing/samples.ts';

const isComplete = (conditions: ConditionNode): boolean => toIndexKeys(conditions, new PredicateCompiler()).complete;
const all = (...rules: ConditionNode[]): ConditionNode => ({ match: 'all', rules });
const kind = predicate('event.kind', 'eq', 'a');
const amount = predicate('event.amount', 'gte', 5);

describe('index keys say all that the conditions say', () => {
  it('of one leaf, and of a list of leaves that all have to hold', () => {
    expect(isComplete(kind)).toBe(true);
    expect(isComplete(all(kind, amount))).toBe(true);
  });

  it('but not of alternatives, nor of what stands in or beside an inner list', () => {
    expect(isComplete({ match: 'any', rules: [kind, amount] })).toBe(false);
    expect(isComplete(all(kind, { not: amount }))).toBe(false);
    // As many leaves that have to hold as there are parts; one of the parts is not among them.
    expect(isComplete(all(all(kind, amount), { not: predicate('event.kind', 'eq', 'b') }))).toBe(false);
  });

  it('but not of more leaves than are looked at', () => {
    expect(isComplete(all(...Array.from({ length: 100 }, (_, nth) => predicate(`event.f${nth}`, 'eq', 1))))).toBe(true);
    expect(isComplete(all(...Array.from({ length: 101 }, (_, nth) => predicate(`event.f${nth}`, 'eq', 1))))).toBe(
      false,
    );
  });
});
