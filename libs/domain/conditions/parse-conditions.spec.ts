import { describe, expect, it } from 'vitest';
import { readConditions } from './parse-conditions.ts';
import { writeJson } from '../json/stringify-json.ts';
import { ProblemList } from '../errors/problem-list.ts';
import { compileConditions } from '../matching/condition-program.ts';
import type { ConditionNode } from '../rules/rule.ts';
import { ruleLimits } from '../rules/rule-limits.ts';
import { aContext, predicate } from '../testing/samples.ts';

function read(input: unknown) {
  const report = { errors: new ProblemList(), warnings: new ProblemList() };
  const conditions = readConditions(input, report);
  return { conditions, errors: report.errors.problems, warnings: report.warnings.problems };
}

/** What is said about the input, as `path: code`. */
const errorsOf = (input: unknown): string[] => read(input).errors.map(({ path, code }) => `${path}: ${code}`);

const eurusd = predicate('trade.symbol', 'eq', 'EURUSD');

describe('readConditions', () => {
  it('takes nothing for "always"', () => {
    for (const input of [undefined, null, [], { match: 'all', rules: [] }]) {
      expect(read(input)).toEqual({ conditions: { match: 'all', rules: [] }, errors: [], warnings: [] });
    }
  });

  it('takes a flat list for "all of them", and leaves trees as they are', () => {
    expect(read([eurusd, { not: eurusd }]).conditions).toEqual({ match: 'all', rules: [eurusd, { not: eurusd }] });
    const tree = { match: 'any', rules: [{ not: { match: 'all', rules: [eurusd] } }, eurusd] };
    expect(read(tree)).toEqual({ conditions: tree, errors: [], warnings: [] });
    expect(read(eurusd).conditions).toEqual(eurusd);
  });

  it('R-126 a leaf needs a field, an operator and the value the operator expects', () => {
    expect(errorsOf({ field: 'trade.symbol', operator: 'eq' })).toEqual(['conditions.value: wrong_value']);
    expect(errorsOf({ field: 'trade.symbol', value: 'x' })).toEqual(['conditions.operator: unknown_operator']);
    expect(errorsOf({ operator: 'eq', value: 'x' })).toEqual(['conditions.field: required']);
    expect(errorsOf({ field: 'trade.symbol', operator: 'is_null' })).toEqual([]);
  });

  it('tells every issue with its place, in the order of the document', () => {
    const input = {
      match: 'some',
      rules: [
        { field: 'customer.nonsense', operator: 'like', value: 1 },
        { not: { field: 'trade.volume', operator: 'gt', value: 'many' } },
        'text',
        { match: 'any' },
        {},
        { ...eurusd, values: [1] },
        { match: 'all', rules: [], value: 1 },
        { not: eurusd, rules: [] },
      ],
    };
    expect(errorsOf(input)).toEqual([
      'conditions.match: wrong_value',
      'conditions.rules[0].field: unknown_field',
      'conditions.rules[0].operator: unknown_operator',
      'conditions.rules[1].not.value: wrong_value',
      'conditions.rules[2]: wrong_type',
      'conditions.rules[3].rules: wrong_type',
      'conditions.rules[4]: wrong_value',
      'conditions.rules[5].values: unknown_key',
      'conditions.rules[6].value: unknown_key',
      'conditions.rules[7].rules: unknown_key',
    ]);
    expect(errorsOf('text')).toEqual(['conditions: wrong_type']);
    expect(errorsOf({})).toEqual(['conditions: wrong_value']);
    expect(errorsOf([{ field: 'x', operator: 'eq', value: 1 }])).toEqual(['conditions[0].field: unknown_field']);
  });

  it.each([
    ['event.x', 'eq', null],
    ['event.x', 'eq', ['a']],
    ['event.x', 'eq', {}],
    ['trade.volume', 'eq', 'many'],
    ['account.enable', 'eq', 'yes'],
    ['event.x', 'in', 'BR'],
    ['event.x', 'in', ['BR', null]],
    ['event.x', 'gt', true],
    ['event.x', 'gte', 'soon'],
    ['trade.volume', 'lt', '2026-01-01'],
    ['event.x', 'between', [1]],
    ['event.x', 'between', [1, 2, 3]],
    ['event.x', 'between', [2, 1]],
    ['event.x', 'between', [1, '2026-01-01']],
    ['event.x', 'starts_with', 5],
    ['event.x', 'ends_with', ''],
    ['event.x', 'is_null', false],
    ['event.x', 'regex', '(unclosed'],
    ['event.x', 'regex', '(?=look)'],
    ['event.x', 'regex', 'x'.repeat(513)],
    ['event.x', 'regex', '[\\pL\\pN]{1,1000}[\\pL]{1,900}$'],
    ['event.x', 'eq', 'x'.repeat(5000)],
  ])('refuses %s %s %j', (field, operator, value) => {
    expect(errorsOf({ field, operator, value })).toEqual(['conditions.value: wrong_value']);
  });

  it('says what would be right', () => {
    const messageOf = (input: unknown): string => read(input).errors[0]?.message ?? '';
    expect(messageOf({ field: 'customer.contry', operator: 'eq', value: 'BR' })).toContain('customer.country');
    expect(messageOf({ field: 'event.x', operator: '=', value: 'BR' })).toContain('eq, neq, gt');
    expect(messageOf({ field: 'event.x', operator: 'eq', value: null })).toContain('is_null');
    expect(messageOf({ field: 'trade.volume', operator: 'gt', value: '10 lots' })).toContain(
      'trade.volume is a number',
    );
  });

  it('warns of an operator that never holds for its field', () => {
    const { errors, warnings } = read({ field: 'account.enable', operator: 'starts_with', value: 't' });
    expect(errors).toEqual([]);
    expect(warnings).toMatchObject([{ path: 'conditions', code: 'unsuited_operator' }]);
  });

  it('bounds what a rule may cost to compile', () => {
    const pattern = predicate('event.x', 'regex', 'a');
    expect(errorsOf(Array.from({ length: ruleLimits.regexConditions }, () => pattern))).toEqual([]);
    expect(errorsOf(Array.from({ length: ruleLimits.regexConditions + 1 }, () => pattern))).toEqual([
      `conditions[${ruleLimits.regexConditions}]: too_many`,
    ]);
    const many = Array.from({ length: ruleLimits.conditionNodes + 1 }, () => eurusd);
    expect(errorsOf(many)).toEqual(['conditions: too_many']);
    const cyclic: { not?: unknown } = {};
    cyclic.not = cyclic;
    expect(errorsOf(cyclic)).toEqual(['conditions: too_many']);
  });
});

describe('deep trees', () => {
  /** `depth` groups inside one another, with a leaf beside each. */
  const deepText = (depth: number, innermost: string): string =>
    '{"match":"all","rules":['.repeat(depth) + innermost + `,${JSON.stringify(eurusd)}]}`.repeat(depth);

  it.each([5000, 100_000])('R-146 a tree %i levels deep is read, written, read again and evaluated', (depth) => {
    const text = deepText(depth, JSON.stringify(predicate('event.a', 'eq', 1)));
    const { conditions, errors } = read(JSON.parse(text));
    expect(errors).toEqual([]);
    expect(writeJson(conditions) === text).toBe(true);
    const program = compileConditions(JSON.parse(writeJson(conditions)) as ConditionNode);
    const trade = { login: 1, cmd: 'OP_BUY', symbol: 'EURUSD' };
    expect(program.evaluate(aContext({ event: { a: 1 }, trade }))).toBe(true);
    expect(program.evaluate(aContext({ event: { a: 2 }, trade }))).toBe(false);
  });

  it('names a place far down without repeating the whole way', () => {
    const { errors } = read(JSON.parse(deepText(100_000, '{"field":"nonsense","operator":"eq","value":1}')));
    expect(errors).toHaveLength(1);
    // conditions, 100,000 times .rules[0], and .field; 40 of these steps are shown.
    expect(errors[0]?.path).toMatch(/^conditions\.rules\[0\]\.rules.*…\(199962 more levels\)….*\[0\]\.field$/);
    expect(errors[0]?.path.length).toBeLessThan(1000);
  });
});

describe('conditions as text', () => {
  it('keep every kind of value', () => {
    const tree: ConditionNode = {
      match: 'any',
      rules: [
        predicate('event.x', 'in', ['a"b\\', 'ü\u2028', 1.5, -0.001, true]),
        { not: predicate('event.x', 'between', [1, 2]) },
        predicate('event.x', 'is_null'),
        { match: 'all', rules: [] },
      ],
    };
    expect(writeJson(tree)).toBe(JSON.stringify(tree));
    expect(JSON.parse(writeJson(tree))).toEqual(tree);
  });
});
