import { expect, it } from 'vitest';
import {
  addAction,
  canMoveAction,
  duplicateAction,
  moveAction,
  newAction,
  removeAction,
  setMember,
  setParam,
} from './rule-edits.ts';
import { readRule, writeRule } from './rule-model.ts';

const types = (rule: Parameters<typeof writeRule>[0]): unknown =>
  (writeRule(rule)['actions'] as { type: string }[]).map(({ type }) => type);

it('moves, copies and removes actions', () => {
  const rule = readRule({ actions: [{ type: 'a', params: { x: 1 } }, { type: 'b' }, 'odd'] });
  const [a, b] = rule.actions.map(({ id }) => id);
  expect(types(moveAction(rule, a!, 'down'))).toEqual(['b', 'a', undefined]);
  expect(moveAction(rule, a!, 'up')).toBe(rule);
  expect([canMoveAction(rule, a!, 'up'), canMoveAction(rule, b!, 'up'), canMoveAction(rule, 'x', 'up')]).toEqual([
    false,
    true,
    false,
  ]);
  const copy = duplicateAction(rule, a!);
  expect(types(copy.rule)).toEqual(['a', 'a', 'b', undefined]);
  expect(types(setParam(removeAction(copy.rule, a!), copy.id, 'x', 2))).toEqual(['a', 'b', undefined]);
  expect(types(addAction(rule, newAction('c', {})))).toEqual(['a', 'b', undefined, 'c']);
});

it('sets and takes away parameters and members, and touches nothing else', () => {
  const written = { name: 'x', odd: [1], actions: [{ type: 'a', params: { x: 1, y: { z: 2 } } }] };
  const rule = readRule(written);
  const id = rule.actions[0]!.id;
  expect(writeRule(setParam(rule, id, 'x', undefined))['actions']).toEqual([{ type: 'a', params: { y: { z: 2 } } }]);
  expect(writeRule(setMember(setMember(rule, 'name', undefined), 'limit', null))).toEqual({
    odd: [1],
    limit: null,
    actions: written.actions,
  });
  expect(writeRule(rule)).toEqual(written);
});
