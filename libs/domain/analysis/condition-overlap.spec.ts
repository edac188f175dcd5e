import { describe, expect, it } from 'vitest';
import { PredicateCompiler } from '../matching/predicate-compiler.ts';
import { mayMeet, mayOverlap, prepareImpliedPredicates } from './condition-overlap.ts';
import { compileConditions } from '../matching/condition-program.ts';
import type { ConditionNode, Operator } from '../rules/rule.ts';
import { aContext, predicate, randomNumbers } from '../testing/samples.ts';

const overlap = (a: ConditionNode, b: ConditionNode): boolean => {
  const forward = mayOverlap(prepareImpliedPredicates(a), prepareImpliedPredicates(b));
  expect(mayOverlap(prepareImpliedPredicates(b), prepareImpliedPredicates(a))).toBe(forward);
  return forward;
};
const all = (...rules: ConditionNode[]): ConditionNode => ({ match: 'all', rules });
const any = (...rules: ConditionNode[]): ConditionNode => ({ match: 'any', rules });

describe('mayOverlap', () => {
  it.each<[string, ConditionNode, ConditionNode]>([
    ['different values', predicate('event.kind', 'eq', 'a'), predicate('event.kind', 'eq', 'b')],
    ['lists without a common member', predicate('event.kind', 'in', ['a', 'b']), predicate('event.kind', 'in', ['c'])],
    ['a value and its complement', predicate('event.kind', 'eq', 'a'), predicate('event.kind', 'neq', 'a')],
    [
      'a value and a list without it',
      predicate('event.kind', 'eq', 'a'),
      predicate('event.kind', 'not_in', ['a', 'b']),
    ],
    [
      'alternatives of one field',
      any(predicate('brand', 'eq', 'n'), predicate('brand', 'eq', 's')),
      predicate('brand', 'eq', 'w'),
    ],
    ['ranges that touch', predicate('event.amount', 'lt', 1000), predicate('event.amount', 'gte', 1000)],
    ['ranges apart', predicate('trade.volume', 'between', [1, 2]), predicate('trade.volume', 'gt', 2)],
    ['dates apart', predicate('event.at', 'lt', '2026-01-01'), predicate('event.at', 'gte', '2026-01-01')],
    ['a range and its NOT', { not: predicate('event.amount', 'gte', 5) }, predicate('event.amount', 'between', [5, 9])],
    ['a value outside of a range', predicate('event.amount', 'eq', 3), predicate('event.amount', 'gt', 3)],
    ['values above a range', predicate('trade.volume', 'in', [3, 4]), predicate('trade.volume', 'lte', 2)],
    ['values below a range', predicate('trade.volume', 'in', [3, 4]), predicate('trade.volume', 'gte', 5)],
    ['values between two', predicate('trade.volume', 'in', [3, 7]), predicate('trade.volume', 'between', [4, 6])],
    [
      'a value without the text',
      predicate('customer.phone', 'eq', '+55'),
      predicate('customer.phone', 'starts_with', '+49'),
    ],
    ['a missing value and a number', predicate('amount_usd', 'is_null'), predicate('amount_usd', 'gte', 0)],
    ['a missing value and any', predicate('customer.email', 'is_null'), predicate('customer.email', 'is_not_null')],
    ['a text and its absence', predicate('event.text', 'contains', 'x'), predicate('event.text', 'not_contains', 'x')],
    [
      'one part of many',
      all(predicate('event.a', 'eq', 1), predicate('event.b', 'eq', 1)),
      all(predicate('event.b', 'eq', 2)),
    ],
  ])('is false for %s', (_, a, b) => {
    expect(overlap(a, b)).toBe(false);
  });

  it.each<[string, ConditionNode, ConditionNode]>([
    ['different fields', predicate('event.a', 'eq', 1), predicate('event.b', 'eq', 2)],
    ['no conditions', all(), predicate('event.b', 'eq', 2)],
    ['the same value', predicate('event.kind', 'eq', 'a'), predicate('event.kind', 'in', ['a', 'b'])],
    ['spellings of one id', predicate('customer.risk_level', 'eq', 7), predicate('customer.risk_level', 'eq', '7')],
    [
      'an id and a text in it',
      predicate('customer.risk_level', 'eq', 7),
      predicate('customer.risk_level', 'contains', '7'),
    ],
    ['countries but for case', predicate('customer.country', 'eq', 'br'), predicate('customer.country', 'eq', 'BR')],
    ['ranges with a common end', predicate('event.amount', 'lte', 1000), predicate('event.amount', 'gte', 1000)],
    ['alternatives', any(predicate('event.a', 'eq', 1), predicate('event.b', 'eq', 1)), predicate('event.a', 'eq', 2)],
    ['two patterns', predicate('event.text', 'regex', '^a'), predicate('event.text', 'regex', '^b')],
  ])('is true for %s', (_, a, b) => {
    expect(overlap(a, b)).toBe(true);
  });

  it('is never false where some event meets both', () => {
    const random = randomNumbers(7);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
    const fields = ['event.x', 'event.amount', 'customer.risk_level', 'account.enable', 'customer.country'];
    const scalars = [1, '1', 0, true, false, 'a', 'A', '', 2, '2', 'ab', '2026-01-01', '2026-01-01T00:00:00Z'];
    const operators = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'contains', 'starts_with', 'regex'] as const;
    const tree = (depth: number): ConditionNode => {
      const kind = depth === 0 ? 3 : Math.floor(random() * 5);
      if (kind === 0) return { not: tree(depth - 1) };
      if (kind < 3) return { match: pick(['all', 'any']), rules: [tree(depth - 1), tree(depth - 1)] };
      const operator: Operator = pick([...operators, 'in', 'not_in', 'between', 'is_null', 'is_not_null']);
      const list = operator === 'in' || operator === 'not_in' || operator === 'between';
      return predicate(pick(fields), operator, list ? [pick(scalars), pick(scalars)] : pick(scalars));
    };
    const leaves = new PredicateCompiler();
    const values = [...scalars, undefined, null];
    const contexts = Array.from({ length: 300 }, () =>
      aContext({
        event: { x: pick(values), amount: pick(values) },
        customer: { risk_level: pick(values), country: pick(values) },
        account: { enable: pick(values) },
      } as never),
    );
    let apart = 0;
    for (let round = 0; round < 3000; round += 1) {
      const [a, b] = [tree(2), tree(2)];
      if (overlap(a, b)) continue;
      apart += 1;
      const [first, second] = [compileConditions(a, leaves), compileConditions(b, leaves)];
      const both = contexts.filter((context) => first.evaluate(context) && second.evaluate(context));
      expect(both, JSON.stringify([a, b])).toEqual([]);
    }
    expect(apart).toBeGreaterThan(50);
  });
});

describe('mayMeet', () => {
  const implied = prepareImpliedPredicates(
    all(predicate('event.status', 'in', ['vip', 'gold']), predicate('event.kind', 'neq', 'kyc')),
  );

  it('is false only where a fact contradicts', () => {
    expect(mayMeet(implied, new Map([['event.status', 'vip']]))).toBe(true);
    expect(mayMeet(implied, new Map([['event.status', 'churn']]))).toBe(false);
    expect(mayMeet(implied, new Map([['event.kind', 'kyc']]))).toBe(false);
    expect(mayMeet(implied, new Map([['event.other', 1]]))).toBe(true);
  });
});
