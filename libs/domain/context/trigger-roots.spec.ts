import { expect, it } from 'vitest';
import { contextRoots } from './evaluation-context.ts';
import { triggerRoots } from './trigger-roots.ts';
import { knownTriggers } from '../events/triggers.ts';

it('begin with what an event of the trigger is about', () => {
  const first = (trigger: string): string[] => triggerRoots(trigger).slice(0, 2);
  expect(first('withdrawal.created')).toEqual(['amount_usd', 'trade']);
  expect(first('trade.opened')).toEqual(['trade', 'account']);
  expect(first('account:added')).toEqual(['account', 'customer']);
  expect(first('customer.withdrew')).toEqual(['event', 'customer']);
  expect(first('task.overdue')).toEqual(['event', 'task']);
  expect(first('request.created')).toEqual(['data', 'customer']);
});

it('are roots of the runtime context, each once', () => {
  const known: string[] = [...contextRoots, 'brand', 'amount_usd'];
  for (const { name } of [...knownTriggers, { name: 'one.of-your-own' }]) {
    const roots = triggerRoots(name);
    expect(roots.filter((root) => !known.includes(root))).toEqual([]);
    expect(new Set(roots).size).toBe(roots.length);
  }
});
