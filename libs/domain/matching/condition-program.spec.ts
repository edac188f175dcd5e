import { describe, expect, it } from 'vitest';
import { compileConditions } from './condition-program.ts';
import type { ConditionNode } from '../rules/rule.ts';
import { aContext, predicate, randomNumbers } from '../testing/samples.ts';

const a = predicate('event.a', 'eq', 1);
const b = predicate('event.b', 'eq', 1);
const c = predicate('event.c', 'eq', 1);

function evaluate(node: ConditionNode, event: Record<string, unknown>): boolean {
  return compileConditions(node).evaluate(aContext({ event }));
}

describe('compileConditions', () => {
  it('R-143 R-147 "all" needs every child', () => {
    const all: ConditionNode = { match: 'all', rules: [a, b] };
    expect(evaluate(all, { a: 1, b: 1 })).toBe(true);
    expect(evaluate(all, { a: 1 })).toBe(false);
    expect(evaluate(all, { b: 1 })).toBe(false);
    expect(evaluate(all, {})).toBe(false);
  });

  it('R-144 "any" needs one child', () => {
    const any: ConditionNode = { match: 'any', rules: [a, b] };
    expect(evaluate(any, { a: 1 })).toBe(true);
    expect(evaluate(any, { b: 1 })).toBe(true);
    expect(evaluate(any, {})).toBe(false);
  });

  it('R-145 "not" turns its child around', () => {
    expect(evaluate({ not: a }, {})).toBe(true);
    expect(evaluate({ not: a }, { a: 1 })).toBe(false);
    expect(evaluate({ not: { not: a } }, { a: 1 })).toBe(true);
    const neither: ConditionNode = { not: { match: 'any', rules: [a, b] } };
    expect(evaluate(neither, {})).toBe(true);
    expect(evaluate(neither, { b: 1 })).toBe(false);
  });

  it('takes an empty "all" for true and an empty "any" for false', () => {
    expect(evaluate({ match: 'all', rules: [] }, {})).toBe(true);
    expect(evaluate({ match: 'any', rules: [] }, {})).toBe(false);
    expect(evaluate({ not: { match: 'all', rules: [] } }, {})).toBe(false);
    expect(evaluate({ match: 'all', rules: [a, { match: 'any', rules: [] }] }, { a: 1 })).toBe(false);
    expect(evaluate({ match: 'any', rules: [{ match: 'all', rules: [] }, a] }, {})).toBe(true);
  });

  it('knows which records the conditions read', () => {
    const tree: ConditionNode = {
      match: 'any',
      rules: [
        predicate('brand', 'eq', 'x'),
        { not: predicate('customer.country', 'eq', 'BR') },
        predicate('event.a.b', 'is_null'),
      ],
    };
    expect(compileConditions(tree).roots).toEqual(new Set(['brand', 'customer', 'event']));
  });

  it('stops at the first leaf that settles the matter', () => {
    const read: string[] = [];
    const event = new Proxy<Record<string, unknown>>(
      { a: 1 },
      {
        getOwnPropertyDescriptor: (target, name) => {
          read.push(String(name));
          return Reflect.getOwnPropertyDescriptor(target, name);
        },
      },
    );
    evaluate({ match: 'any', rules: [a, b] }, event);
    evaluate({ match: 'all', rules: [b, c] }, event);
    expect(read).toEqual(['a', 'b']);
  });

  it('asks the same question once, however often a nested tree repeats it', () => {
    let reads = 0;
    const event = new Proxy<Record<string, unknown>>(
      { a: 1 },
      {
        getOwnPropertyDescriptor: (target, name) => {
          reads += 1;
          return Reflect.getOwnPropertyDescriptor(target, name);
        },
      },
    );
    let node: ConditionNode = a;
    for (let level = 0; level < 5000; level += 1) {
      node = { match: level % 2 === 0 ? 'all' : 'any', rules: level % 2 === 0 ? [a, node] : [{ not: a }, node] };
    }
    expect(evaluate(node, event)).toBe(true);
    expect(reads).toBeLessThanOrEqual(2);
  });

  it('R-146 equals the recursive meaning of any nested tree', () => {
    const random = randomNumbers(7);
    const tree = (depth: number): ConditionNode => {
      const roll = random();
      if (depth === 0 || roll < 0.2) return [a, b, c][Math.floor(random() * 3)] ?? a;
      if (roll < 0.4) return { not: tree(depth - 1) };
      const rules = Array.from({ length: Math.floor(random() * 4) }, () => tree(depth - 1));
      return { match: roll < 0.7 ? 'all' : 'any', rules };
    };
    const meaning = (node: ConditionNode, event: Record<string, unknown>): boolean => {
      if ('not' in node) return !meaning(node.not, event);
      if ('field' in node) return event[node.field.slice('event.'.length)] === node.value;
      const results = node.rules.map((child) => meaning(child, event));
      return node.match === 'all' ? results.every(Boolean) : results.some(Boolean);
    };
    for (let round = 0; round < 2000; round += 1) {
      const node = tree(6);
      for (let bits = 0; bits < 8; bits += 1) {
        const event = { a: bits & 1, b: (bits >> 1) & 1, c: (bits >> 2) & 1 };
        expect(evaluate(node, event)).toBe(meaning(node, event));
      }
    }
  });

  it.each([5000, 100_000])('R-146 evaluates a tree %i levels deep', (depth) => {
    let node: ConditionNode = a;
    for (let level = 0; level < depth; level += 1) {
      node = level % 3 === 0 ? { not: node } : { match: level % 3 === 1 ? 'all' : 'any', rules: [node] };
    }
    const nots = Math.ceil(depth / 3);
    const program = compileConditions(node);
    expect(program.evaluate(aContext({ event: { a: 1 } }))).toBe(nots % 2 === 0);
    expect(program.evaluate(aContext({ event: { a: 2 } }))).toBe(nots % 2 === 1);
  });

  it('refuses an operator it does not have', () => {
    const node = { field: 'event.a', operator: 'like', value: 'x' } as unknown as ConditionNode;
    expect(() => compileConditions(node)).toThrow('unknown operator like');
  });
});
