import { describe, expect, it } from 'vitest';
import type { RuntimeContext } from '../context/evaluation-context.ts';
import { compileConditions } from './condition-program.ts';
import type { ConditionNode, Operator, Rule } from '../rules/rule.ts';
import { RuleIndex } from './rule-index.ts';
import { aContext, aRule, predicate, randomNumbers } from '../testing/samples.ts';

const trigger = 'trade.opened';

function indexOf(...rules: Rule[]): RuleIndex {
  const index = new RuleIndex();
  for (const rule of rules) index.put(rule);
  return index;
}

function outcome(index: RuleIndex, context: RuntimeContext = aContext(), of = trigger) {
  const { matched, skipped } = index.match(of, context);
  return {
    matched: matched.map(({ rule }) => rule.id),
    skipped: skipped.map(({ rule, stoppedBy }) => `${rule.rule.id} by ${stoppedBy.rule.id}`),
  };
}

describe('order of rules', () => {
  it('R-117 a lower priority number comes first', () => {
    const rules = [30, 10, 20].map((priority) => aRule({ id: `p${priority}`, priority }));
    expect(outcome(indexOf(...rules)).matched).toEqual(['p10', 'p20', 'p30']);
  });

  it('R-122 ties are ordered by age, then id; rules of a brand and of every brand are ordered together', () => {
    const index = indexOf(
      aRule({ id: 'c', brand: 'north', created_at: '2026-01-02T00:00:00.000Z' }),
      aRule({ id: 'b', created_at: '2026-01-02T00:00:00.000Z' }),
      aRule({ id: 'z', created_at: '2026-01-01T00:00:00.000Z' }),
      aRule({ id: 'y', brand: 'north', created_at: '2026-01-03T00:00:00.000Z', priority: 1 }),
    );
    expect(outcome(index).matched).toEqual(['y', 'z', 'b', 'c']);
  });
});

describe('shadow', () => {
  const shadowOf = (...rules: Rule[]) => {
    const { matched, shadow } = indexOf(...rules).match(trigger, aContext());
    return { matched: matched.map(({ rule }) => rule.id), shadow: shadow.map(({ rule }) => rule.id) };
  };

  it('rules are matched apart, and hold nothing back', () => {
    const shadow = aRule({ id: 'shadow', status: 'shadow', priority: 1, stop_after: true });
    expect(shadowOf(shadow, aRule({ id: 'live' }))).toEqual({ matched: ['live'], shadow: ['shadow'] });
  });

  it('rules are held back like others', () => {
    const stopper = aRule({ id: 'stopper', priority: 10, stop_after: true });
    const shadows = [10, 11].map((priority) => aRule({ id: `s${priority}`, status: 'shadow', priority }));
    expect(shadowOf(stopper, ...shadows)).toEqual({ matched: ['stopper'], shadow: ['s10'] });
  });

  it.each(['draft', 'inactive', 'archived'] as const)('%s rules are not matched at all', (status) => {
    expect(shadowOf(aRule({ status }))).toEqual({ matched: [], shadow: [] });
  });
});

describe('stop_after', () => {
  const never = predicate('event.x', 'eq', 'never');
  const stopper = aRule({ id: 'stopper', priority: 10, stop_after: true });
  const others = [5, 10, 11, 20].map((priority) => aRule({ id: `p${priority}`, priority }));

  it('R-119 skips matching rules of a greater priority number, and says which rule did it', () => {
    expect(outcome(indexOf(...others, stopper))).toEqual({
      matched: ['p5', 'p10', 'stopper'],
      skipped: ['p11 by stopper', 'p20 by stopper'],
    });
  });

  it('R-120 false lets rules of lower priority run', () => {
    const index = indexOf(...others, { ...stopper, stop_after: false });
    expect(outcome(index)).toEqual({ matched: ['p5', 'p10', 'stopper', 'p11', 'p20'], skipped: [] });
  });

  it('R-121 stops nothing when its rule does not match', () => {
    const index = indexOf(...others, { ...stopper, conditions: never });
    expect(outcome(index)).toEqual({ matched: ['p5', 'p10', 'p11', 'p20'], skipped: [] });
  });

  it('R-122 rules with the number of the stopping rule still run, whichever comes first', () => {
    const older = aRule({ id: 'a', priority: 10, stop_after: true, created_at: '2020-01-01T00:00:00.000Z' });
    const index = indexOf(aRule({ id: 'b', priority: 10 }), older, aRule({ id: 'c', priority: 11 }));
    expect(outcome(index)).toEqual({ matched: ['a', 'b'], skipped: ['c by a'] });
  });

  it('does not list rules that would not have matched anyway', () => {
    expect(outcome(indexOf(stopper, aRule({ id: 'x', priority: 50, conditions: never }))).skipped).toEqual([]);
  });

  it('the first of several stopping rules decides', () => {
    const index = indexOf(
      stopper,
      aRule({ id: 's2', priority: 20, stop_after: true }),
      aRule({ id: 'x', priority: 30 }),
    );
    expect(outcome(index)).toEqual({ matched: ['stopper'], skipped: ['s2 by stopper', 'x by stopper'] });
  });

  it('a rule of one brand stops rules of every brand, for events of its brand only', () => {
    const index = indexOf({ ...stopper, brand: 'north' }, aRule({ id: 'x', priority: 50 }));
    expect(outcome(index)).toEqual({ matched: ['stopper'], skipped: ['x by stopper'] });
    expect(outcome(index, aContext({ brand: 'south' }))).toEqual({ matched: ['x'], skipped: [] });
  });
});

describe('which rules are looked at', () => {
  it('those of the trigger, of the brand and of every brand', () => {
    const index = indexOf(
      aRule({ id: 'north', brand: 'north' }),
      aRule({ id: 'south', brand: 'south' }),
      aRule({ id: 'every', brand: null }),
      aRule({ id: 'other', trigger_event: 'trade.closed' }),
    );
    expect(outcome(index).matched).toEqual(['every', 'north']);
    expect(outcome(index, aContext({ brand: 'east' })).matched).toEqual(['every']);
    expect(outcome(index, aContext({ brand: null })).matched).toEqual(['every']);
    expect(outcome(index, aContext(), 'constructor').matched).toEqual([]);
  });

  it('active ones only', () => {
    const index = indexOf(
      aRule({ id: 'a' }),
      aRule({ id: 'b', status: 'inactive' }),
      aRule({ id: 'c', status: 'archived' }),
    );
    expect(outcome(index).matched).toEqual(['a']);
    index.put(aRule({ id: 'a', status: 'archived' }));
    expect(outcome(index).matched).toEqual([]);
    expect(index.size).toBe(0);
  });

  it('follow changes at once, also of trigger and brand', () => {
    const index = indexOf(aRule({ id: 'a' }), aRule({ id: 'b' }));
    expect(outcome(index).matched).toEqual(['a', 'b']);
    index.put(aRule({ id: 'a', trigger_event: 'trade.closed' }));
    index.put(aRule({ id: 'b', brand: 'south' }));
    expect(outcome(index).matched).toEqual([]);
    expect(outcome(index, aContext(), 'trade.closed').matched).toEqual(['a']);
    expect(outcome(index, aContext({ brand: 'south' })).matched).toEqual(['b']);
    index.remove('a');
    index.remove('nobody');
    expect(index.hasTrigger('trade.closed')).toBe(false);
    expect(index.hasTrigger(trigger)).toBe(true);
  });

  it('a rule that cannot be compiled is refused and no longer in the index', () => {
    const index = indexOf(aRule({ id: 'a' }));
    const conditions = { field: 'event.x', operator: 'like', value: 1 } as unknown as ConditionNode;
    expect(() => index.put(aRule({ id: 'a', conditions }))).toThrow('Rule a cannot be used: unknown operator like');
    expect(outcome(index).matched).toEqual([]);
  });
});

describe('candidates', () => {
  const index = indexOf(
    aRule({ id: 'a', brand: 'north', conditions: predicate('customer.country', 'eq', 'BR') }),
    aRule({ id: 'b', brand: 'south', conditions: { not: predicate('account.group', 'eq', 'x') } }),
    aRule({ id: 'c', trigger_event: 'task.overdue', conditions: predicate('event.x', 'eq', 1) }),
  );

  it('tell what has to be loaded before rules can be matched', () => {
    expect(index.candidates(trigger, 'north')).toEqual({ any: true, needsCustomer: true, needsAccount: false });
    expect(index.candidates(trigger, 'south')).toEqual({ any: true, needsCustomer: false, needsAccount: true });
    expect(index.candidates('task.overdue', 'north')).toEqual({ any: true, needsCustomer: false, needsAccount: false });
  });

  it('tell that there is no rule at all', () => {
    const none = { any: false, needsCustomer: false, needsAccount: false };
    expect(index.candidates(trigger, null)).toEqual(none);
    expect(index.candidates('trade.closed', 'north')).toEqual(none);
  });
});

describe('finding rules by what they require', () => {
  const random = randomNumbers(99);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const fields = [
    'trade.symbol',
    'trade.volume',
    'event.x',
    'event.amount',
    'event.at',
    'event.list',
    'customer.country',
    'customer.sales_status_id',
    'account.enable',
  ];
  const scalars = [
    'A',
    'a',
    'b',
    0,
    1,
    2,
    '1',
    '2',
    true,
    false,
    '2026-01-01',
    '2026-06-01',
    '2026-06-01T00:00:00+02:00',
  ];
  const values = [...scalars, undefined, null, '', ['A', 1], {}, 1.5, '1.5', -3];

  function randomLeaf(): ConditionNode {
    const field = pick(fields);
    const operator = pick<Operator>([
      ...(['eq', 'eq', 'eq', 'in', 'in', 'gt', 'gte', 'lt', 'lte', 'between', 'between'] as const),
      ...(['neq', 'not_in', 'contains', 'is_null', 'starts_with'] as const),
    ]);
    const list = (): unknown[] => Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(scalars));
    if (operator === 'in' || operator === 'not_in') return predicate(field, operator, list());
    if (operator === 'between')
      return predicate(
        field,
        operator,
        pick([
          [0, 2],
          [1, 1],
          ['2026-01-01', '2026-07-01'],
          [5, -5],
        ]),
      );
    return operator === 'is_null' ? predicate(field, operator) : predicate(field, operator, pick(scalars));
  }

  function randomTree(depth: number): ConditionNode {
    const roll = random();
    if (depth === 0 || roll < 0.15) return randomLeaf();
    if (roll < 0.3) return { not: randomTree(depth - 1) };
    const rules = Array.from({ length: Math.floor(random() * 4) }, () => randomTree(depth - 1));
    return { match: roll < 0.8 ? 'all' : 'any', rules };
  }

  function randomContext(): RuntimeContext {
    const context: Record<string, unknown> = { brand: pick(['north', 'south', null]) };
    for (const path of fields) {
      const [root = '', name = ''] = path.split('.');
      const record = (context[root] ??= random() < 0.9 ? {} : undefined) as Record<string, unknown> | undefined;
      const value = pick(values);
      if (record !== undefined && value !== undefined) record[name] = value;
    }
    context['event'] ??= {};
    return context as unknown as RuntimeContext;
  }

  function naive(rules: readonly Rule[], context: RuntimeContext): string[] {
    return rules
      .filter(({ brand }) => brand === null || brand === context.brand)
      .filter(({ conditions }) => compileConditions(conditions).evaluate(context))
      .toSorted((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1))
      .map(({ id }) => id);
  }

  it('finds exactly the rules that evaluating each of them finds', () => {
    let found = 0;
    for (let round = 0; round < 30; round += 1) {
      const count = pick([3, 20, 120]);
      const rules = Array.from({ length: count }, (_, index) =>
        aRule({
          id: `r${index}`,
          brand: pick(['north', 'south', null]),
          priority: Math.floor(random() * 5),
          conditions: randomTree(pick([0, 1, 2, 3])),
        }),
      );
      const index = indexOf(...rules);
      for (let event = 0; event < 40; event += 1) {
        const context = randomContext();
        const expected = naive(rules, context);
        expect(outcome(index, context).matched).toEqual(expected);
        found += expected.length;
      }
      // The same after changes.
      const changed = pick(rules);
      const replacement = { ...changed, conditions: randomTree(2) };
      index.put(replacement);
      const now = rules.map((rule) => (rule === changed ? replacement : rule));
      for (let event = 0; event < 10; event += 1) {
        const context = randomContext();
        expect(outcome(index, context).matched).toEqual(naive(now, context));
      }
    }
    expect(found).toBeGreaterThan(1000);
  });

  it('evaluates a few rules of many, not all', () => {
    const index = new RuleIndex();
    for (let number = 0; number < 2000; number += 1) {
      const rules = [
        predicate('trade.cmd', 'eq', 'OP_BUY'),
        number % 2 === 0
          ? predicate('trade.symbol', 'eq', `S${number}`)
          : predicate('trade.volume', 'between', [number, number]),
        predicate('event.probe', 'is_null'),
      ];
      index.put(aRule({ id: `r${number}`, conditions: { match: 'all', rules } }));
    }
    let evaluated = 0;
    const event = new Proxy<Record<string, unknown>>(
      {},
      {
        getOwnPropertyDescriptor: () => {
          evaluated += 1;
          return undefined;
        },
      },
    );
    const trade = { login: 1, cmd: 'OP_BUY', symbol: 'S100', volume: 301 };
    expect(outcome(index, aContext({ event, trade })).matched).toEqual(['r100', 'r301']);
    expect(evaluated).toBe(2);
  });

  it('R-146 a very deep rule changes nothing for the rules beside it', () => {
    let deep: ConditionNode = predicate('trade.symbol', 'eq', 'EURUSD');
    for (let level = 0; level < 100_000; level += 1) deep = { match: level % 2 === 0 ? 'all' : 'any', rules: [deep] };
    const index = indexOf(
      aRule({ id: 'deep', conditions: deep }),
      ...Array.from({ length: 10 }, (_, number) =>
        aRule({ id: `r${number}`, conditions: predicate('trade.volume', 'eq', number) }),
      ),
    );
    const trade = { login: 1, cmd: 'OP_BUY', symbol: 'EURUSD', volume: 3 };
    expect(outcome(index, aContext({ trade })).matched).toEqual(['deep', 'r3']);
    expect(outcome(index, aContext({ trade: { ...trade, symbol: 'X' } })).matched).toEqual(['r3']);
  });
});
