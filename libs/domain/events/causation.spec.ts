import { describe, expect, it } from 'vitest';
import { chainOf } from './causation.ts';
import { executionIdOf } from '../runs/execution-id.ts';
import { idempotencyKey } from '../runs/run.ts';

describe('the chain of an event', () => {
  it('names the rule of each event that an action emitted, also where ids were too long to be kept', () => {
    const first = idempotencyKey(executionIdOf('big-deposit', 'evt:1/2'), 0);
    const second = `${idempotencyKey(executionIdOf('call.back', first.repeat(10)), 12)}/1`;
    expect(chainOf(['evt:1/2', first], second)).toEqual([
      { eventId: 'evt:1/2', ruleId: null },
      { eventId: first, ruleId: 'big-deposit' },
      { eventId: second, ruleId: 'call.back' },
    ]);
  });
});
