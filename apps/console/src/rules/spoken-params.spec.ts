import { expect, it } from 'vitest';
import { ruleWords } from '../shared/rule/rule-words.ts';
import { spokenApprovers, spokenSpan } from './spoken-params.ts';

it('says a length of time in words', () => {
  expect(spokenSpan({ value: 2, unit: 'days' }, ruleWords('en'))).toBe('2 days');
  expect(spokenSpan({ value: 1, unit: 'hours' }, ruleWords('de'))).toBe('1 Stunde');
});

it('says who is asked in words', () => {
  const approvers = { roles: ['SESSION_MANAGER', 'X'], users: ['bert'], manager_of_customer: true };
  expect(spokenApprovers(approvers, ruleWords('en'), 'their manager')).toBe('a manager, X, bert, their manager');
});

it.each([null, 3, 'x', [], {}, { value: 2, unit: 'moons' }, { value: 2, unit: 'days', more: 1 }, { roles: [7] }])(
  'knows no words for %j',
  (value) => {
    expect(spokenSpan(value, ruleWords('en'))).toBeNull();
    expect(spokenApprovers(value, ruleWords('en'), 'their manager')).toBeNull();
  },
);
