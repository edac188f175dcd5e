import { describe, expect, it } from 'vitest';
import { validateRule } from './validate-rule.ts';

const minimal = {
  name: 'Big deposit',
  trigger_event: 'customer.deposited',
  actions: [{ type: 'notify.manager', params: {} }],
};
const ruleOf = (more: object) => validateRule({ ...minimal, ...more }).rule;
const problemsOf = (more: object): string[] =>
  validateRule({ ...minimal, ...more }).errors.map(({ path, code }) => `${path}: ${code}`);

describe('re_enroll', () => {
  it('is "always", "once" or a length of time', () => {
    expect(ruleOf({})).not.toHaveProperty('re_enroll');
    expect(ruleOf({ re_enroll: 'always' })).toEqual(ruleOf({}));
    expect(ruleOf({ re_enroll: 'once' })?.re_enroll).toBe('once');
    expect(ruleOf({ re_enroll: { value: 7, unit: 'days' } })?.re_enroll).toEqual({ value: 7, unit: 'days' });
  });

  it.each([
    ['never', 're_enroll: wrong_value'],
    [null, 're_enroll: wrong_value'],
    [7, 're_enroll: wrong_value'],
    [{}, 're_enroll: wrong_value'],
    [{ value: 0, unit: 'days' }, 're_enroll: wrong_value'],
    [{ value: 1.5, unit: 'days' }, 're_enroll: wrong_value'],
    [{ value: 1, unit: 'weeks' }, 're_enroll: wrong_value'],
    [{ value: 366, unit: 'days' }, 're_enroll: wrong_value'],
    [{ value: 1, unit: 'days', per: 'login' }, 're_enroll: wrong_value'],
  ])('refuses %j', (re_enroll, ...problems) => {
    expect(problemsOf({ re_enroll })).toEqual(problems);
  });

  it('says in a sentence what would be right', () => {
    const [error] = validateRule({ ...minimal, re_enroll: 'never' }).errors;
    expect(error?.message).toBe(
      're_enroll must be "always", "once" or a length of time such as { "value": 1, "unit": "days" }',
    );
    const [unit] = validateRule({ ...minimal, re_enroll: { value: 1, unit: 'weeks' } }).errors;
    expect(unit?.message).toMatch(/^re_enroll must be a length of time .*: unit must be minutes, hours or days$/);
  });
});

describe('limit', () => {
  it('is a count for each window of time', () => {
    expect(ruleOf({ limit: null })).toEqual(ruleOf({}));
    expect(ruleOf({ limit: { count: 100, per: 'hour' } })?.limit).toEqual({
      count: 100,
      per: { value: 1, unit: 'hours' },
      on_exceed: 'hold',
    });
    const full = { count: 5, per: { value: 30, unit: 'minutes' }, on_exceed: 'hold' };
    expect(ruleOf({ limit: full })?.limit).toEqual(full);
  });

  it.each([
    [5, 'limit: wrong_type'],
    [{}, 'limit.count: required', 'limit.per: required'],
    [{ count: 0, per: 'day' }, 'limit.count: wrong_value'],
    [{ count: 1_000_001, per: 'day' }, 'limit.count: wrong_value'],
    [{ count: 1, per: 'week' }, 'limit.per: wrong_value'],
    [{ count: 1, per: 'toString' }, 'limit.per: wrong_value'],
    [{ count: 1, per: { value: 1 } }, 'limit.per: wrong_value'],
    [{ count: 1, per: { value: 9000, unit: 'hours' } }, 'limit.per: wrong_value'],
    [{ count: 1, per: 'day', on_exceed: 'drop' }, 'limit.on_exceed: wrong_value'],
    [{ count: 1, per: 'day', burst: 2 }, 'limit: unknown_key'],
  ])('refuses %j', (limit, ...problems) => {
    expect(problemsOf({ limit })).toEqual(problems);
  });

  it('says in a sentence what it may hold', () => {
    const [error] = validateRule({ ...minimal, limit: { count: 1, per: 'day', burst: 2 } }).errors;
    expect(error?.message).toBe('limit must hold nothing but count, per and on_exceed');
  });
});
