import { describe, expect, it } from 'vitest';
import type { Status } from '../directory/directory.ts';
import { analyzeRules } from './analyze-rules.ts';
import type { ConditionNode, Rule, RuleAction } from '../rules/rule.ts';
import { aRule, predicate } from '../testing/samples.ts';

const statusChanged = 'customer.status_changed';

interface Parts extends Partial<Rule> {
  on: string;
  when?: ConditionNode[];
  does: [string, Record<string, unknown>][];
}

function rule(id: string, { on, when = [], does, ...parts }: Parts): Rule {
  const actions: RuleAction[] = does.map(([type, params]) => ({ type, params }));
  return aRule({
    id,
    name: `Rule ${id}`,
    trigger_event: on,
    conditions: { match: 'all', rules: when },
    actions,
    ...parts,
  });
}

/** `id code other-ids…` of each warning. */
function warnings(written: Rule[], active: Rule[] = [], statuses: Status[] = []): string[] {
  return [...analyzeRules(written, active, statuses)].flatMap(([id, found]) =>
    found.map(({ code, message }) => {
      const others = [...message.matchAll(/\((\w+)\)/g)].map((match) => match[1]);
      return [id, code, ...others].join(' ');
    }),
  );
}

const setStatus = (status: string | number): [string, Record<string, unknown>] => ['set_status', { status }];
const setRisk = (risk_level: string): [string, Record<string, unknown>] => ['customer.set_risk_level', { risk_level }];

describe('OP-B9 a rule that starts itself again', () => {
  const follows = (...when: ConditionNode[]): Rule => rule('a', { on: statusChanged, when, does: [setStatus('vip')] });

  it('is told with its action', () => {
    expect(analyzeRules([follows()], [], []).get('a')).toEqual([
      {
        path: 'actions[0]',
        code: 'triggers_itself',
        message:
          'actions[0] set_status publishes customer.status_changed, which may start this rule again: a condition that is false then, or re_enroll, would end that',
        params: { name: 'customer.status_changed', rules: [], count: 0 },
      },
    ]);
  });

  it('is not told where the action makes its conditions false', () => {
    expect(warnings([follows(predicate('event.status', 'eq', 'vip'))])).toEqual(['a triggers_itself']);
    expect(warnings([follows(predicate('event.status', 'eq', 'new'))])).toEqual([]);
    expect(warnings([follows(predicate('customer.sales_status', 'neq', 'vip'))])).toEqual([]);
    expect(warnings([follows(predicate('event.kind', 'eq', 'kyc'))])).toEqual([]);
    expect(warnings([follows(predicate('event.previous', 'eq', 'new'))])).toEqual(['a triggers_itself']);
  });

  it('is told where a later action has changed the customer again before the event arrives', () => {
    const when = [predicate('event.status', 'eq', 'vip'), predicate('customer.sales_status', 'eq', 'new')];
    const once = rule('a', { on: statusChanged, when, does: [setStatus('vip')] });
    expect(warnings([once])).toEqual([]);
    const twice = rule('a', { on: statusChanged, when, does: [setStatus('vip'), setStatus('new')] });
    expect(warnings([twice])).toEqual(['a triggers_itself']);
  });

  it('is told of a status by its id as by its code', () => {
    const statuses = [{ id: 3, type: 'sales', code: 'vip' }];
    const byId = (wanted: number): Rule => follows(predicate('event.status_id', 'eq', wanted));
    expect(warnings([byId(4)], [], statuses)).toEqual([]);
    expect(warnings([byId(3)], [], statuses)).toEqual(['a triggers_itself']);
    expect(warnings([byId(4)])).toEqual(['a triggers_itself']);
  });

  it('is not told of one that is not active, or that re_enroll keeps from it', () => {
    expect(warnings([{ ...follows(), status: 'inactive' }])).toEqual([]);
    expect(warnings([{ ...follows(), re_enroll: 'once' }])).toEqual([]);
  });

  it('is told with the rules in between, in order', () => {
    const b = rule('b', { on: 'customer.risk_changed', does: [['add_note', { body: 'x' }]] });
    const c = rule('c', {
      on: 'note.added',
      does: [
        ['delay', { value: 1, unit: 'days' }],
        ['customer.set_status', { status: 'new' }],
      ],
    });
    const a = rule('a', { on: statusChanged, when: [predicate('event.status', 'eq', 'new')], does: [setRisk('high')] });
    const [warning] = analyzeRules([a], [b, c], []).get('a') ?? [];
    expect(warning?.message).toContain('again through rule "Rule b" (b), then rule "Rule c" (c):');
    expect(warnings([a], [b])).toEqual([]);
    expect(warnings([a], [b, { ...c, brand: 'north' }])).toEqual(['a part_of_a_loop b c']);
    expect(warnings([{ ...a, brand: 'south' }], [b, { ...c, brand: 'north' }])).toEqual([]);
    expect(warnings([a], [b, { ...c, re_enroll: 'once' }])).toEqual([]);
    expect(warnings([a, b], [a, c])).toEqual(['a part_of_a_loop b c', 'b part_of_a_loop c a']);
  });

  it('is told with ten rules in between, and with the number of the others', () => {
    const step = (nth: number, of: number): Rule =>
      rule(`s${nth}`, {
        on: statusChanged,
        when: [predicate('event.status', 'eq', `at-${nth}`)],
        does: [setStatus(`at-${(nth + 1) % of}`)],
      });
    const circle = (of: number): string => {
      const [first, ...others] = Array.from({ length: of }, (_, nth) => step(nth, of));
      return analyzeRules([first!], others, []).get('s0')?.[0]?.message ?? '';
    };
    expect(circle(11)).toMatch(/then rule "Rule s10" \(s10\):/);
    expect(circle(14)).toMatch(/then rule "Rule s10" \(s10\), then 3 more:/);
  });

  it('is not told where its event makes the conditions false, whatever a later action does', () => {
    const later = (status: string): Rule =>
      rule('a', {
        on: statusChanged,
        when: [predicate('event.status', 'eq', 'new')],
        does: [setStatus(status), setStatus('regular')],
      });
    expect(warnings([later('new')])).toEqual(['a triggers_itself']);
    expect(warnings([later('vip')])).toEqual([]);
  });

  it('is told when the circle closes through a task that is not done', () => {
    const due_in = { value: 1, unit: 'days' };
    const again = rule('a', { on: 'task.overdue', does: [['create_task', { type: 'call', due_in }]] });
    expect(warnings([again])).toEqual(['a triggers_itself']);
    const conditions = predicate('event.type', 'eq', 'visit');
    expect(warnings([{ ...again, conditions }])).toEqual([]);
  });
});

describe('a rule that contradicts another', () => {
  const on = 'customer.deposited';
  const big = predicate('event.amount', 'gte', 1000);
  const vip = rule('vip', { on, when: [big], does: [setStatus('vip')] });
  const other = (parts: Partial<Parts> = {}): Rule => rule('other', { on, does: [setStatus('regular')], ...parts });

  it('is told with the other rule, the field and the values', () => {
    expect(analyzeRules([vip], [other()], []).get('vip')).toEqual([
      {
        path: 'actions[0]',
        code: 'contradicts_rule',
        message:
          'actions[0] sets customer.sales_status to vip, but rule "Rule other" (other) sets it to regular for events that both may match',
        params: {
          name: 'customer.sales_status',
          value: 'vip',
          other_value: 'regular',
          rules: ['Rule other (other)'],
        },
      },
    ]);
  });

  it.each<[string, Partial<Parts>]>([
    ['the same value', { does: [['customer.set_status', { status: 'vip' }]] }],
    ['another kind of status', { does: [['set_status', { status: 'regular', kind: 'kyc' }]] }],
    ['another trigger', { on: 'customer.withdrew' }],
    ['a smaller amount', { when: [predicate('event.amount', 'lt', 1000)] }],
    ['a value that only the run knows', { does: [setStatus('{{ event.status }}')] }],
    ['the same value in the end', { does: [setStatus('regular'), setStatus('vip')] }],
    ['a place behind one that stops', { stop_after: true, priority: 1 }],
    ['no activity', { status: 'inactive' }],
  ])('is not told of one with %s', (_, parts) => {
    expect(
      warnings(
        [vip],
        [other(parts)].filter(({ status }) => status === 'active'),
      ),
    ).toEqual([]);
    expect(warnings([vip, other(parts)])).toEqual([]);
  });

  it.each<[string, Partial<Parts>]>([
    ['before it that stops nothing', { stop_after: false, priority: 1 }],
    ['behind it that stops others', { stop_after: true, priority: 1000 }],
    ['beside it that stops others', { stop_after: true }],
  ])('is told of one %s', (_, parts) => {
    expect(warnings([vip], [other(parts)])).toEqual(['vip contradicts_rule other']);
  });

  it('is told of brands that meet', () => {
    const north = { ...vip, brand: 'north' };
    expect(warnings([north], [other({ brand: 'south' })])).toEqual([]);
    expect(warnings([north], [other({ brand: 'north' })])).toEqual(['vip contradicts_rule other']);
    expect(warnings([north], [other()])).toEqual(['vip contradicts_rule other']);
  });

  it('is told once for two that are written together, and not of what a write replaces', () => {
    expect(warnings([vip, other()])).toEqual(['other contradicts_rule vip']);
    expect(warnings([{ ...vip, actions: other().actions }], [vip])).toEqual([]);
  });

  it.each<[string, [string, Record<string, unknown>], [string, Record<string, unknown>]]>([
    ['customer.risk_level', setRisk('low'), setRisk('high')],
    ['customer.active', ['set_customer_active', { active: true }], ['set_customer_active', { active: false }]],
    ['customer.assigned_manager_id', ['assign_to_agent', { agent_id: 1 }], ['assign_to_team', { team_id: 'a' }]],
    ['customer.assigned_manager_id', ['handover_to_retention', {}], ['assign_to_agent', { agent: 'sales' }]],
  ])('is told of %s', (field, own, others) => {
    const written = rule('a', { on, does: [own] });
    const [warning] = analyzeRules([written], [rule('b', { on, does: [others] })], []).get('a') ?? [];
    expect(warning?.message).toContain(`sets ${field} to`);
    expect(warnings([written], [rule('b', { on, does: [own] })])).toEqual([]);
  });
});

describe('among 10,000 active rules', () => {
  const active = Array.from({ length: 10_000 }, (_, index) =>
    rule(`r${index}`, {
      on: statusChanged,
      when: [predicate('event.status', 'eq', `s${index % 100}`), predicate('customer.country', 'eq', `c${index}`)],
      does: [setStatus(`s${(index % 100) + 1}`)],
    }),
  );

  it('finds what concerns one rule', () => {
    const closing = rule('new', {
      on: statusChanged,
      when: [predicate('event.status', 'eq', 's100')],
      does: [setStatus('s0')],
    });
    expect(warnings([closing], active)).toEqual([expect.stringMatching(/^new part_of_a_loop r0 r1 .* r9$/)]);
    expect(warnings([{ ...closing, actions: [] }], active)).toEqual([]);
  });

  it('holds all of them against one another', () => {
    expect(warnings(active.slice(0, 3000))).toEqual([]);
  });
});
