import { describe, expect, it } from 'vitest';
import type { ActionOutcome, ActionStatus } from '#libs/domain/runs/run.ts';
import { differences, type SeenRun } from './differences.ts';

function run(rule_name: string, status: SeenRun['status'], ...actions: ActionStatus[]): SeenRun {
  const outcome = (action: ActionStatus, index: number): ActionOutcome => ({
    index,
    type: 'delay',
    status: action,
    attempts: 1,
    started_at: null,
    finished_at: null,
  });
  return { rule_name, status, actions: actions.map(outcome) };
}

describe('differences from what an example event promises', () => {
  const expected = {
    runs: [
      { rule: 'A', status: 'completed' as const, actions: ['completed' as const] },
      { rule: 'B', status: 'skipped' as const, actions: [] },
    ],
    webhooks: 1,
    messages: 1,
  };
  const arrived = { webhooks: 1, messages: 1 };

  it('has none when all is as promised, in any order', () => {
    expect(differences(expected, [run('B', 'skipped'), run('A', 'completed', 'completed')], arrived)).toEqual([]);
  });

  it('names a run that is missing, one that was not promised and one too many', () => {
    expect(
      differences(
        expected,
        [run('A', 'completed', 'completed'), run('A', 'completed', 'completed'), run('C', 'failed')],
        arrived,
      ),
    ).toEqual([
      'no run of "B"; expected one that is skipped',
      'a run of "A" (completed) that was not expected',
      'a run of "C" (failed) that was not expected',
    ]);
  });

  it('names another outcome of the run, of its actions, of the webhooks and of the messages', () => {
    const other = { webhooks: 2, messages: 0 };
    expect(differences(expected, [run('A', 'failed', 'failed'), run('B', 'skipped')], other)).toEqual([
      'the run of "A" is failed; expected completed',
      'actions of "A": failed; expected completed',
      '2 webhook calls; expected 1',
      '0 mails and SMS; expected 1',
    ]);
  });
});
