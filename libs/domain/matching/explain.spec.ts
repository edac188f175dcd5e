import { describe, expect, it } from 'vitest';
import { explainMatch, maxConditions } from './explain.ts';
import type { ConditionNode, Rule } from '../rules/rule.ts';
import { aContext, aRule, predicate } from '../testing/samples.ts';

const trigger = 'trade.opened';
const context = aContext({ event: { amount: 500, token: 'secret-0123456789', note: 'x'.repeat(300) } });
const explain = (...rules: Rule[]) => explainMatch(rules, trigger, context);

describe('explainMatch', () => {
  it('says of every condition what it saw, what it wanted and whether it holds', () => {
    const conditions: ConditionNode = {
      match: 'all',
      rules: [
        predicate('event.amount', 'gte', 1000),
        { not: { match: 'any', rules: [predicate('event.country', 'is_null'), predicate('event.amount', 'eq', 1)] } },
      ],
    };
    expect(explain(aRule({ conditions }))).toMatchObject([
      {
        verdict: 'no_match',
        matches: false,
        order: null,
        conditions: [
          { path: 'conditions', kind: 'all', holds: false },
          {
            path: 'conditions.rules[0]',
            field: 'event.amount',
            operator: 'gte',
            wanted: 1000,
            seen: 500,
            holds: false,
          },
          { path: 'conditions.rules[1]', kind: 'not', holds: false },
          { path: 'conditions.rules[1].not', kind: 'any', holds: true },
          { path: 'conditions.rules[1].not.rules[0]', operator: 'is_null', seen: null, holds: true },
          { path: 'conditions.rules[1].not.rules[1]', wanted: 1, seen: 500, holds: false },
        ],
      },
    ]);
  });

  it('says who runs in which order, who is held back by whom, and who only would', () => {
    const rules = [
      aRule({ id: 'behind', priority: 30 }),
      aRule({ id: 'stopper', priority: 20, stop_after: true }),
      aRule({ id: 'first', priority: 10 }),
      aRule({ id: 'shadow', priority: 5, status: 'shadow' }),
      aRule({ id: 'draft', priority: 1, status: 'draft' }),
    ];
    const told = explain(...rules).map(({ rule_id, verdict, order, stopped_by }) => [
      rule_id,
      verdict,
      order,
      stopped_by,
    ]);
    expect(told).toEqual([
      ['first', 'runs', 1, null],
      ['stopper', 'runs', 2, null],
      ['draft', 'not_in_use', null, null],
      ['shadow', 'shadow', null, null],
      ['behind', 'stopped', null, 'stopper'],
    ]);
  });

  it('agrees with matching, whatever the conditions', () => {
    const all = predicate('event.amount', 'eq', 500);
    const none = predicate('event.amount', 'eq', 1);
    const trees: ConditionNode[] = [
      { match: 'all', rules: [] },
      { match: 'any', rules: [] },
      { not: { match: 'any', rules: [] } },
      { match: 'any', rules: [none, { match: 'all', rules: [all, { not: none }] }] },
    ];
    for (const conditions of trees) {
      const [told] = explain(aRule({ conditions }));
      expect(told?.conditions[0]?.holds).toBe(told?.verdict === 'runs');
    }
  });

  it('masks what it saw, and shows the beginning of what is long', () => {
    const [told] = explain(
      aRule({
        conditions: { match: 'any', rules: [predicate('event.token', 'eq', 'a'), predicate('event.note', 'eq', 'a')] },
      }),
    );
    expect(told?.conditions[1]?.seen).toBe('***6789');
    expect(told?.conditions[2]?.seen).toHaveLength(201);
  });

  it('takes no longer for a large value that many conditions read', () => {
    const large = aContext({ event: { note: 'token=a; '.repeat(50_000), list: Array(50_000).fill('% ') } });
    const rules = Array.from({ length: 200 }, (_, at) =>
      aRule({
        id: `r-${at}`,
        conditions: { match: 'any', rules: [predicate('event.note', 'eq', 'a'), predicate('event.list', 'eq', at)] },
        actions: [{ type: 'add_note', params: { body: 'x' } }],
      }),
    );
    const start = performance.now();
    const told = explainMatch(rules, trigger, large);
    expect(performance.now() - start).toBeLessThan(8_000);
    expect(told[0]?.conditions[1]?.seen).toMatch(/^token=/);
  }, 60_000);

  it('explains the first ones only when there are many', () => {
    const rules = [
      aRule({ id: 'a', priority: 2 }),
      aRule({ id: 'b', priority: 1 }),
      aRule({ id: 'c', status: 'draft' }),
    ];
    expect(explainMatch(rules, trigger, context, 2).map(({ rule_id }) => rule_id)).toEqual(['b', 'a']);
  });

  it('bears trees that are deep or wide, and says when it does not show all', () => {
    let deep: ConditionNode = predicate('event.amount', 'eq', 1);
    for (let depth = 0; depth < 20_001; depth += 1) deep = { not: deep };
    const [told] = explain(aRule({ conditions: deep }));
    expect(told).toMatchObject({ truncated: true, verdict: 'runs' });
    expect(told?.conditions).toHaveLength(maxConditions);
    expect(told?.conditions[0]?.holds).toBe(true);
  });

  it('names a rule that cannot be used, and explains the others', () => {
    const broken = aRule({ id: 'broken', conditions: predicate('event.a', 'regex', '(') });
    expect(explain(broken, aRule({ id: 'fine' })).map(({ verdict }) => verdict)).toEqual(['runs', 'unusable']);
  });
});
