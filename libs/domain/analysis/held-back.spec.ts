import { describe, expect, it } from 'vitest';
import { findHeldBack } from './held-back.ts';
import type { ProcessDeclaration } from '../rules/process.ts';
import type { Rule } from '../rules/rule.ts';
import { aRule, predicate } from '../testing/samples.ts';

const rule = (id: string, priority: number, parts: Partial<Rule> = {}): Rule =>
  aRule({
    id,
    name: `Rule ${id}`,
    brand: 'north',
    conditions: predicate('event.amount', 'gte', 100),
    priority,
    stop_after: true,
    ...parts,
  });
const process: ProcessDeclaration = { name: 'p', version: 1, state: 'active', public: true, data: [] };
const own = rule('own', 20, { status: 'draft' });
const ids = (written: Rule, active: Rule[]): [string[], string[]] => {
  const { held_back_by, holds_back } = findHeldBack(written, active);
  return [held_back_by.rules.map(({ rule_id }) => rule_id), holds_back.rules.map(({ rule_id }) => rule_id)];
};

describe('findHeldBack', () => {
  it('names the rules before it that stop, and those behind it where it stops itself', () => {
    const active = [rule('last', 30), rule('second', 15), rule('first', 10)];
    expect(findHeldBack(own, active)).toEqual({
      held_back_by: {
        count: 2,
        rules: [
          { rule_id: 'first', rule_name: 'Rule first' },
          { rule_id: 'second', rule_name: 'Rule second' },
        ],
      },
      holds_back: { count: 1, rules: [{ rule_id: 'last', rule_name: 'Rule last' }] },
    });
    expect(ids({ ...own, stop_after: false }, active)).toEqual([['first', 'second'], []]);
  });

  it.each<[string, Partial<Rule>]>([
    ['of another trigger', { trigger_event: 'trade.closed' }],
    ['of another brand', { brand: 'south' }],
    ['whose conditions exclude its own', { conditions: predicate('event.amount', 'lt', 100) }],
    ['in shadow', { status: 'shadow' }],
    ['that a request starts', { process }],
    ['that it replaces', { id: 'own' }],
  ])('names none %s', (_, parts) => {
    expect(ids(own, [rule('first', 10, parts), rule('last', 30, parts)])).toEqual([[], []]);
  });

  it('names none of the same priority, and none before it that stops nothing', () => {
    expect(ids(own, [rule('beside', 20), rule('first', 10, { stop_after: false })])).toEqual([[], []]);
  });

  it('names rules of every brand', () => {
    expect(ids(own, [rule('first', 10, { brand: null })])).toEqual([['first'], []]);
    expect(ids({ ...own, brand: null }, [rule('last', 30)])).toEqual([[], ['last']]);
  });

  it('names nothing beside a rule that a request starts', () => {
    expect(ids({ ...own, process }, [rule('first', 10), rule('last', 30)])).toEqual([[], []]);
  });

  it('counts all and names ten among 10,000', () => {
    const active = Array.from({ length: 10_000 }, (_, index) => rule(`r${index}`, 21 + index));
    const { holds_back } = findHeldBack(own, active);
    expect(holds_back.count).toBe(10_000);
    expect(holds_back.rules).toHaveLength(10);
    expect(holds_back.rules.at(-1)).toMatchObject({ rule_id: 'r9' });
  });
});
