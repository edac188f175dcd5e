import { describe, expect, it } from 'vitest';
import { LeafCompiler } from '../matching/predicate-compiler.ts';
import { mayMeet, mayOverlap, prepareClaims } from './condition-overlap.ts';
import { compileConditions } from '../matching/condition-program.ts';
import type { ConditionNode, Operator } from '../rules/rule.ts';
import { aContext, leaf, randomNumbers } from '../testing/samples.ts';

const overlap = (a: ConditionNode, b: ConditionNode): boolean => {
  const forward = mayOverlap(prepareClaims(a), prepareClaims(b));
  expect(mayOverlap(prepareClaims(b), prepareClaims(a))).toBe(forward);
  return forward;
};
const all = (...rules: ConditionNode[]): ConditionNode => ({ match: 'all', rules });
const any = (...rules: ConditionNode[]): ConditionNode => ({ match: 'any', rules });

describe('mayOverlap', () => {
  it.each<[string, ConditionNode, ConditionNode]>([
    ['different values', leaf('event.kind', 'eq', 'a'), leaf('event.kind', 'eq', 'b')],
    ['lists without a common member', leaf('event.kind', 'in', ['a', 'b']), leaf('event.kind', 'in', ['c'])],
    ['a value and its complement', leaf('event.kind', 'eq', 'a'), leaf('event.kind', 'neq', 'a')],
    ['a value and a list without it', leaf('event.kind', 'eq', 'a'), leaf('event.kind', 'not_in', ['a', 'b'])],
    ['alternatives of one field', any(leaf('brand', 'eq', 'n'), leaf('brand', 'eq', 's')), leaf('brand', 'eq', 'w')],
    ['ranges that touch', leaf('event.amount', 'lt', 1000), leaf('event.amount', 'gte', 1000)],
    ['ranges apart', leaf('trade.volume', 'between', [1, 2]), leaf('trade.volume', 'gt', 2)],
    ['dates apart', leaf('event.at', 'lt', '2026-01-01'), leaf('event.at', 'gte', '2026-01-01')],
    ['a range and its NOT', { not: leaf('event.amount', 'gte', 5) }, leaf('event.amount', 'between', [5, 9])],
    ['a value outside of a range', leaf('event.amount', 'eq', 3), leaf('event.amount', 'gt', 3)],
    ['values above a range', leaf('trade.volume', 'in', [3, 4]), leaf('trade.volume', 'lte', 2)],
    ['values below a range', leaf('trade.volume', 'in', [3, 4]), leaf('trade.volume', 'gte', 5)],
    ['values between two', leaf('trade.volume', 'in', [3, 7]), leaf('trade.volume', 'between', [4, 6])],
    ['a value without the text', leaf('customer.phone', 'eq', '+55'), leaf('customer.phone', 'starts_with', '+49')],
    ['a missing value and a number', leaf('amount_usd', 'is_null'), leaf('amount_usd', 'gte', 0)],
    ['a missing value and any', leaf('customer.email', 'is_null'), leaf('customer.email', 'is_not_null')],
    ['a text and its absence', leaf('event.text', 'contains', 'x'), leaf('event.text', 'not_contains', 'x')],
    ['one part of many', all(leaf('event.a', 'eq', 1), leaf('event.b', 'eq', 1)), all(leaf('event.b', 'eq', 2))],
  ])('is false for %s', (_, a, b) => {
    expect(overlap(a, b)).toBe(false);
  });

  it.each<[string, ConditionNode, ConditionNode]>([
    ['different fields', leaf('event.a', 'eq', 1), leaf('event.b', 'eq', 2)],
    ['no conditions', all(), leaf('event.b', 'eq', 2)],
    ['the same value', leaf('event.kind', 'eq', 'a'), leaf('event.kind', 'in', ['a', 'b'])],
    ['spellings of one id', leaf('customer.risk_level', 'eq', 7), leaf('customer.risk_level', 'eq', '7')],
    ['an id and a text in it', leaf('customer.risk_level', 'eq', 7), leaf('customer.risk_level', 'contains', '7')],
    ['countries but for case', leaf('customer.country', 'eq', 'br'), leaf('customer.country', 'eq', 'BR')],
    ['ranges with a common end', leaf('event.amount', 'lte', 1000), leaf('event.amount', 'gte', 1000)],
    ['alternatives', any(leaf('event.a', 'eq', 1), leaf('event.b', 'eq', 1)), leaf('event.a', 'eq', 2)],
    ['two patterns', leaf('event.text', 'regex', '^a'), leaf('event.text', 'regex', '^b')],
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
      return leaf(pick(fields), operator, list ? [pick(scalars), pick(scalars)] : pick(scalars));
    };
    const leaves = new LeafCompiler();
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
  const claims = prepareClaims(all(leaf('event.status', 'in', ['vip', 'gold']), leaf('event.kind', 'neq', 'kyc')));

  it('is false only where a fact contradicts', () => {
    expect(mayMeet(claims, new Map([['event.status', 'vip']]))).toBe(true);
    expect(mayMeet(claims, new Map([['event.status', 'churn']]))).toBe(false);
    expect(mayMeet(claims, new Map([['event.kind', 'kyc']]))).toBe(false);
    expect(mayMeet(claims, new Map([['event.other', 1]]))).toBe(true);
  });
});
