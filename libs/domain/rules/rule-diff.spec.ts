import { describe, expect, it } from 'vitest';
import { diffRules, maxDifferences } from './rule-diff.ts';
import type { ConditionNode } from './rule.ts';
import { aRule, predicate } from '../testing/samples.ts';

const rule = aRule({
  conditions: { match: 'all', rules: [predicate('event.a', 'eq', 1), predicate('event.b', 'in', [1, 2])] },
  actions: [{ type: 'webhook.send', params: { url: 'https://a' } }],
});

describe('diffRules', () => {
  it('says nothing of two that say the same, whatever the server has set', () => {
    expect(diffRules(rule, structuredClone({ ...rule, version: 9, updated_at: 'later' }))).toEqual([]);
  });

  it('names each place, what was there and what is', () => {
    const after = structuredClone({ ...rule, priority: 7, re_enroll: 'once' as const });
    after.conditions = { match: 'all', rules: [predicate('event.a', 'eq', 2), predicate('event.b', 'in', [1])] };
    after.actions.push({ type: 'add_note', params: {} });
    expect(diffRules(rule, after)).toEqual([
      { path: 'priority', before: rule.priority, after: 7 },
      { path: 'conditions.rules[0].value', before: 1, after: 2 },
      { path: 'conditions.rules[1].value[1]', before: 2 },
      { path: 'actions[1]', after: { type: 'add_note', params: {} } },
      { path: 're_enroll', after: 'once' },
    ]);
  });

  it('names every part of a rule that is new, or gone', () => {
    expect(diffRules(null, rule).map(({ path }) => path)).toContain('trigger_event');
    expect(diffRules(rule, null).every((one) => 'before' in one && !('after' in one))).toBe(true);
  });

  it('bears conditions of any depth', () => {
    const deep = (value: number): ConditionNode => {
      let node: ConditionNode = predicate('event.a', 'eq', value);
      for (let depth = 0; depth < 20_000; depth += 1) node = { not: node };
      return node;
    };
    const found = diffRules({ ...rule, conditions: deep(1) }, { ...rule, conditions: deep(2) });
    expect(found).toMatchObject([{ before: 1, after: 2 }]);
  });

  it('stops at the most differences a person would read', () => {
    const long = (value: number): ConditionNode => ({
      match: 'any',
      rules: Array.from({ length: 2_000 }, () => predicate('event.a', 'eq', value)),
    });
    expect(diffRules({ ...rule, conditions: long(1) }, { ...rule, conditions: long(2) })).toHaveLength(maxDifferences);
  });
});
