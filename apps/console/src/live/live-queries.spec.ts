import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { ApiFailure } from '../shared/client.ts';
import { backoff } from './backoff.ts';
import { concerns, LiveQueries, type Change } from './live-queries.ts';

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

it('asks no longer for what the session may not read', async () => {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const asked = { allowed: 0, refused: 0 };
  const observe = (key: keyof typeof asked, answer: () => Promise<string>) =>
    new QueryObserver(queries, {
      queryKey: ['runs', key],
      queryFn: () => {
        asked[key] += 1;
        return answer();
      },
    }).subscribe(() => undefined);
  const refusal = new ApiFailure(403, 'access_denied', 'not yours');
  const ends = [observe('allowed', () => Promise.resolve('here')), observe('refused', () => Promise.reject(refusal))];
  await expect.poll(() => queries.getQueryState(['runs', 'refused'])?.status).toBe('error');
  new LiveQueries(queries).note(ended);
  await expect.poll(() => asked.allowed, { timeout: 10_000 }).toBe(2);
  expect(asked.refused).toBe(1);
  for (const end of ends) end();
  queries.clear();
});

it('waits longer after each failure, up to half a minute, and never exactly as long as others', () => {
  expect([0, 1, 2, 20].map((failures) => backoff(failures, () => 1))).toEqual([1000, 2000, 4000, 30_000]);
  expect(backoff(20, () => 0)).toBe(15_000);
});
