import { describe, expect, it } from 'vitest';
import { commandsFor, retryPlan, type Command } from './run-commands.ts';

const run = { live: true, paused_by: null, reason: null };

describe('what may be asked of a run', () => {
  it.each<[Parameters<typeof commandsFor>[0], Command[]]>([
    [{ ...run, status: 'running' }, ['pause', 'cancel']],
    [{ ...run, status: 'running', paused_by: 'ada' }, ['resume', 'cancel']],
    [{ ...run, status: 'paused' }, ['pause', 'cancel']],
    [{ ...run, status: 'paused', paused_by: 'ada' }, ['resume', 'cancel']],
    [{ ...run, status: 'paused', live: false }, ['pause', 'resume', 'cancel']],
    [{ ...run, status: 'failed' }, ['retry']],
    [{ ...run, status: 'held', reason: 'limit' }, ['release', 'discard']],
    [{ ...run, status: 'held', reason: 'released' }, ['release']],
    [{ ...run, status: 'completed' }, []],
    [{ ...run, status: 'skipped' }, []],
  ])('%j: %j', (given, expected) => {
    expect(commandsFor(given)).toEqual(expected);
  });
});

describe('what a retry does', () => {
  const times = { started_at: null, finished_at: null, type: 'add_note' };
  const action = (index: number, status: 'completed' | 'failed' | 'skipped' | 'not_run', attempts = 1) => {
    return { index, status, attempts, ...times };
  };
  const error = (named: string | null) => ({ code: 'c', message: 'm', action: named });

  it('keeps what was done, repeats what failed and executes the rest', () => {
    const actions = [action(0, 'completed'), action(1, 'failed', 5), action(2, 'not_run', 0)];
    expect(retryPlan({ actions, error: error('action-1') })).toEqual(['kept', 'repeated', 'executed']);
  });

  it('begins with the action before which the run was cancelled', () => {
    const actions = [action(0, 'completed'), action(1, 'not_run', 0), action(2, 'not_run', 0)];
    expect(retryPlan({ actions, error: error('action-1') })).toEqual(['kept', 'executed', 'executed']);
  });

  it('begins with the first that is open where none is named', () => {
    const actions = [action(0, 'skipped', 0), action(1, 'not_run', 0)];
    expect(retryPlan({ actions, error: error(null) })).toEqual(['kept', 'executed']);
    expect(retryPlan({ actions: [], error: null })).toEqual([]);
  });
});
