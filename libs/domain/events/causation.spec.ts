import { describe, expect, it } from 'vitest';
import { toChain } from './causation.ts';
import { buildRunId } from '../runs/execution-id.ts';
import { idempotencyKey } from '../runs/run.ts';

describe('the chain of an event', () => {
  it('names the rule of each event that an action emitted, also where ids were too long to be kept', () => {
    const first = idempotencyKey(buildRunId('big-deposit', 'evt:1/2'), 0);
    const second = `${idempotencyKey(buildRunId('call.back', first.repeat(10)), 12)}/1`;
    expect(toChain(['evt:1/2', first], second)).toEqual([
      { eventId: 'evt:1/2', ruleId: null },
      { eventId: first, ruleId: 'big-deposit' },
      { eventId: second, ruleId: 'call.back' },
    ]);
  });
});
