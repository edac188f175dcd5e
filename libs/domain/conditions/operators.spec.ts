import { describe, expect, it } from 'vitest';
import { compileConditions } from '../matching/condition-program.ts';
import { findOperator, operators } from './operators.ts';
import type { Operator } from '../rules/rule.ts';
import { aContext, predicate } from '../testing/samples.ts';

/** Does `event.x = value` pass the leaf? Undefined leaves the field out. */
function passes(value: unknown, operator: Operator, ruleValue?: unknown, field = 'event.x'): boolean {
  const [root = '', name = ''] = field.split('.');
  const context = { ...aContext(), [root]: value === undefined ? {} : { [name]: value } };
  return compileConditions(predicate(field, operator, ruleValue)).evaluate(context);
}

describe('operators', () => {
  it('R-148 there are sixteen', () => {
    expect(operators.map(({ code }) => code)).toEqual([
      'eq',
      'neq',
      'gt',
      'gte',
      'lt',
      'lte',
      'in',
      'not_in',
      'contains',
      'not_contains',
      'starts_with',
      'ends_with',
      'between',
      'is_null',
      'is_not_null',
      'regex',
    ]);
    expect(findOperator('constructor')).toBeNull();
  });

  it('R-149 eq holds for the same value only', () => {
    expect(passes('churning', 'eq', 'churning')).toBe(true);
    expect(passes('Churning', 'eq', 'churning')).toBe(false);
    expect(passes(5, 'eq', 5)).toBe(true);
    expect(passes(true, 'eq', true)).toBe(true);
    expect(passes(undefined, 'eq', 'churning')).toBe(false);
    expect(passes(null, 'eq', 'null')).toBe(false);
    expect(passes(['churning'], 'eq', 'churning')).toBe(false);
  });

  it('tells texts of more digits than a number holds by their digits', () => {
    const [one, next] = ['9007199254740993', '9007199254740992'];
    for (const field of ['trade.order', 'event.amount', 'event.x']) {
      expect(passes(one, 'eq', one, field)).toBe(true);
      expect(passes(one, 'eq', next, field)).toBe(false);
      expect(passes(one, 'neq', next, field)).toBe(true);
      expect(passes(`-${one}`, 'in', [one, `-${next}`], field)).toBe(false);
    }
    expect(passes(`+00${one}`, 'eq', one, 'event.amount')).toBe(true);
    expect(passes(`-0${one}`, 'in', [`-${one}`], 'event.amount')).toBe(true);
    expect(passes('0000000000000000007.0', 'eq', 7, 'event.amount')).toBe(true);
    expect(passes('0000000000000000007', 'eq', 7, 'event.amount')).toBe(true);
    expect(passes(one, 'gt', 5, 'event.amount')).toBe(true);
  });

  it('R-150 gte includes its value', () => {
    expect(passes(1000, 'gte', 1000)).toBe(true);
    expect(passes(999.99, 'gte', 1000)).toBe(false);
    expect(passes(undefined, 'gte', 0)).toBe(false);
    expect(passes(null, 'gte', 0)).toBe(false);
  });

  it('R-151 gt leaves its value out', () => {
    expect(passes(500, 'gt', 500)).toBe(false);
    expect(passes(500.01, 'gt', 500)).toBe(true);
  });

  it('R-152 regex finds its pattern anywhere in the text', () => {
    expect(passes('order 4711 done', 'regex', '\\d{4}')).toBe(true);
    expect(passes('order', 'regex', '^\\d+$')).toBe(false);
    expect(passes(4711, 'regex', '\\d+')).toBe(false);
    expect(passes(undefined, 'regex', '.*')).toBe(false);
  });

  it('R-152 a regex that would backtrack for ever takes linear time', () => {
    const started = performance.now();
    expect(passes(`${'a'.repeat(8000)}!`, 'regex', '^(a+)+$')).toBe(false);
    expect(passes('x'.repeat(8000), 'regex', '(x+x+)+y')).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('a text too long to be searched matches no pattern', () => {
    expect(passes('a'.repeat(8192), 'regex', 'a')).toBe(true);
    expect(passes('a'.repeat(8193), 'regex', 'a')).toBe(false);
  });

  it.each<[Operator, unknown, unknown[], unknown[]]>([
    ['lt', 10, [9.99, -1], [10, 11, '9', undefined]],
    ['lte', 10, [10, 9], [10.01, undefined]],
    ['in', ['BR', 5, true], ['BR', 5, true], ['br', '5', 1, 'true', undefined, ['BR']]],
    ['contains', 'vip', ['a vip b', ['vip', 'old']], ['VIP', ['vip2'], 5, undefined]],
    ['contains', 5, ['a5', [5]], [['5'], 5]],
    ['starts_with', 'EUR', ['EURUSD'], ['eurusd', 'USDEUR', undefined]],
    ['ends_with', 'USD', ['EURUSD'], ['USDEUR', undefined]],
    ['between', [5, 10], [5, 7.5, 10], [4.99, 10.01, '7', undefined]],
    ['is_null', undefined, [undefined, null, ''], [0, false, ' ', []]],
  ])('R-153 %s with %j', (operator, ruleValue, holds, fails) => {
    for (const value of holds) expect(passes(value, operator, ruleValue)).toBe(true);
    for (const value of fails) expect(passes(value, operator, ruleValue)).toBe(false);
  });

  const samples = [undefined, null, '', 'BR', 'br', 0, 5, '5', true, false, [], ['BR'], [5], {}, { BR: 1 }, Number.NaN];
  it.each<[Operator, Operator, unknown]>([
    ['eq', 'neq', 'BR'],
    ['in', 'not_in', ['BR', 5]],
    ['contains', 'not_contains', 'B'],
    ['is_null', 'is_not_null', undefined],
  ])('R-153 %s and %s are exact complements, for a missing field too', (positive, negative, ruleValue) => {
    for (const field of ['event.x', 'event.country', 'customer.sales_status_id', 'trade.volume', 'account.enable']) {
      for (const value of samples) {
        expect(passes(value, negative, ruleValue, field)).toBe(!passes(value, positive, ruleValue, field));
      }
    }
  });

  it('never throws, whatever the field holds', () => {
    const odd = [...samples, Symbol('s'), 10n, () => 1, new Date(), Object.create(null), '\uD800', 1e308 * 10];
    const values: unknown[] = ['BR', 5, true, ['BR', 5], [1, 2], '2026-01-01', null, {}, undefined];
    for (const { code } of operators) {
      for (const ruleValue of code === 'regex' ? ['^a.*z$'] : values) {
        const program = compileConditions(predicate('event.x', code, ruleValue));
        for (const value of odd) expect(() => program.evaluate(aContext({ event: { x: value } }))).not.toThrow();
      }
    }
  });
});

describe('how values compare', () => {
  it('reads numbers written as text only where the field is a number', () => {
    expect(passes('1000', 'gte', 1000, 'event.amount')).toBe(true);
    expect(passes(1000, 'eq', '1000', 'event.amount')).toBe(true);
    expect(passes('1e3', 'in', [1000], 'trade.volume')).toBe(true);
    expect(passes('1000', 'gte', 1000, 'event.other')).toBe(false);
    expect(passes('1000', 'eq', 1000, 'event.other')).toBe(false);
    for (const text of ['', ' ', 'abc', '0x10', '1,000', 'Infinity', 'NaN', '12abc']) {
      expect(passes(text, 'gte', 0, 'event.amount')).toBe(false);
    }
  });

  it('takes numbers that are none for no number', () => {
    expect(passes(Number.POSITIVE_INFINITY, 'gte', 1000, 'event.amount')).toBe(false);
    expect(passes(Number.NaN, 'lte', 1000)).toBe(false);
  });

  it('compares dates as times, whatever their offset', () => {
    expect(passes('2026-03-01T12:00:00+02:00', 'gte', '2026-03-01T10:00:00Z')).toBe(true);
    expect(passes('2026-03-01T12:00:00+02:00', 'gt', '2026-03-01T10:00:00Z')).toBe(false);
    expect(passes('2026-02-28', 'lt', '2026-03-01')).toBe(true);
    expect(passes('2026-02-15', 'between', ['2026-02-01', '2026-02-28'])).toBe(true);
    expect(passes('2026-02-30', 'gt', '2026-01-01')).toBe(false);
    expect(passes('soon', 'gt', '2026-01-01')).toBe(false);
    expect(passes(1_900_000_000_000, 'gt', '2026-01-01')).toBe(false);
  });

  it('disregards case in e-mail addresses and countries, and nowhere else', () => {
    for (const field of ['customer.email', 'account.country', 'event.country']) {
      expect(passes('BR', 'eq', 'br', field)).toBe(true);
      expect(passes('br', 'in', ['BR', 'AR'], field)).toBe(true);
      expect(passes('xBRx', 'contains', 'br', field)).toBe(true);
      expect(passes('BRx', 'starts_with', 'br', field)).toBe(true);
      expect(passes('xBR', 'ends_with', 'br', field)).toBe(true);
      expect(passes('BR', 'regex', '^(br|ar)$', field)).toBe(true);
    }
    expect(passes('EURUSD', 'eq', 'eurusd', 'trade.symbol')).toBe(false);
    expect(passes('BR', 'regex', '^br$', 'customer.language')).toBe(false);
  });

  it('takes 0 and 1 for false and true where the field is a boolean', () => {
    expect(passes(1, 'eq', true, 'account.enable')).toBe(true);
    expect(passes(0, 'in', [false], 'account.enable')).toBe(true);
    expect(passes(true, 'eq', 1, 'account.enable')).toBe(true);
    expect(passes(2, 'eq', true, 'account.enable')).toBe(false);
    expect(passes(1, 'eq', true, 'event.flag')).toBe(false);
  });

  it('takes 7 and "7" for the same id', () => {
    expect(passes(7, 'eq', '7', 'customer.sales_status_id')).toBe(true);
    expect(passes('7', 'in', [7], 'customer.risk_level')).toBe(true);
    expect(passes('07', 'eq', 7, 'customer.sales_status_id')).toBe(false);
  });
});

describe('field paths', () => {
  const at = (field: string, event: Record<string, unknown>): boolean =>
    compileConditions(predicate(field, 'is_not_null')).evaluate(aContext({ event }));

  it('go as deep as the event does', () => {
    expect(at('event.a.b.c', { a: { b: { c: 1 } } })).toBe(true);
    expect(at('event.items.0.price', { items: [{ price: 1 }] })).toBe(true);
    expect(at('event.a.b.c', { a: { b: null } })).toBe(false);
    expect(at('event.a.b', { a: 'text' })).toBe(false);
  });

  it('reach own members only', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype']) {
      expect(at(`event.${name}`, {})).toBe(false);
      expect(at(`event.a.${name}`, { a: {} })).toBe(false);
    }
    expect(at('event.constructor.name', {})).toBe(false);
    expect(at('event.list.map', { list: [] })).toBe(false);
    expect(at('event.text.length', { text: 'abc' })).toBe(false);
    const hostile = JSON.parse('{"__proto__":{"admin":true}}') as Record<string, unknown>;
    expect(at('event.admin', hostile)).toBe(false);
  });

  it('take any name that an event has for an ordinary one', () => {
    const event = JSON.parse('{"__proto__":{"admin":true},"constructor":"x","prototype":{"toString":7}}') as Record<
      string,
      unknown
    >;
    for (const path of ['__proto__.admin', 'constructor', 'prototype.toString']) {
      expect(at(`event.${path}`, event)).toBe(true);
      expect(at(`event.${path}.constructor`, event)).toBe(false);
    }
  });
});
