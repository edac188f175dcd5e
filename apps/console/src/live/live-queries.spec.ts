import { expect, it } from 'vitest';
import { backoff } from './backoff.ts';
import { concerns, type Change } from './live-queries.ts';

const ended: Change = { run: 'r:1', type: 'WorkflowCompleted' };
const started: Change = { run: 'r:1', type: 'WorkflowStarted' };

it.each([
  ['the list of runs', ['runs', {}], [started], true],
  ['the run', ['run', 'r:1'], [started], true],
  ['its events', ['run-events', 'r:1'], [ended], true],
  ['another run', ['run', 'r:2'], [ended], false],
  ['approvals, when a run begins', ['approvals', 'mine'], [started], false],
  ['approvals, when a run ends', ['approvals', 'mine'], [started, ended], true],
  ['an approval', ['approval', 't'], [ended], true],
  ['rules', ['rules'], [ended], false],
  ['any run, when events are missing', ['run', 'r:2'], [null], true],
] as const)('reads %s anew, or not', (_, key, changes, wanted) => {
  expect(concerns(key, changes)).toBe(wanted);
});

it('waits longer after each failure, up to half a minute, and never exactly as long as others', () => {
  expect([0, 1, 2, 20].map((failures) => backoff(failures, () => 1))).toEqual([1000, 2000, 4000, 30_000]);
  expect(backoff(20, () => 0)).toBe(15_000);
});
