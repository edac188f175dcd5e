import { expect, it } from 'vitest';
import { memberPath, placeOf, problemsIn, withoutPath } from './problem-places.ts';

const problem = (path: string, message = `${path} is wrong`) => ({ path, code: 'wrong_value', message });

it('finds the innermost place of a problem', () => {
  const places = [
    'name',
    'conditions',
    'conditions.rules[1]',
    'conditions.rules[1].value',
    'conditions.rules[10]',
    'actions[0].params.approvers',
  ];
  expect(placeOf('conditions.rules[1].value', places)).toBe('conditions.rules[1].value');
  expect(placeOf('conditions.rules[1].colour', places)).toBe('conditions.rules[1]');
  expect(placeOf('conditions.rules[10].value', places)).toBe('conditions.rules[10]');
  expect(placeOf('actions[0].params.approvers.roles', places)).toBe('actions[0].params.approvers');
  expect(placeOf('actions[1]', places)).toBeNull();
  expect(placeOf('names', places)).toBeNull();
});

it('leaves to inner places what is theirs', () => {
  const problems = [
    problem('actions[0]'),
    problem('actions[0].params.url'),
    problem('actions[0].params.other'),
    problem('actions[01]'),
  ];
  expect(problemsIn(problems, 'actions[0]', ['actions[0].params.url']).map(({ path }) => path)).toEqual([
    'actions[0]',
    'actions[0].params.other',
  ]);
});

it('writes members as validation does, and messages without their path', () => {
  expect(memberPath('params', 'a b')).toBe('params["a b"]');
  expect(memberPath('', 'name')).toBe('name');
  expect(memberPath('params', 'x'.repeat(61))).toBe(`params["${'x'.repeat(59)}…"]`);
  expect(withoutPath(problem('name', 'name is missing'))).toBe('is missing');
  expect(withoutPath(problem('a.value', 'a.value: gte expects a number'))).toBe('gte expects a number');
  expect(withoutPath(problem('', 'the rule must be an object'))).toBe('the rule must be an object');
});
