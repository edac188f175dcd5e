/** Outcomes of calls that Temporal could not be told of, in the real store. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KeptOutcome } from '#libs/domain/runs/call-outcome.ts';
import { createCallOutcomes } from '#libs/store/runs/call-outcome.repository.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const at = '2026-01-05T10:00:00.000Z';
const kept = (key: string, more: Partial<KeptOutcome> = {}): KeptOutcome => ({
  key,
  attempts: 2,
  detail: 'POST https://hooks.example.com → 200',
  started_at: at,
  finished_at: at,
  ...more,
});

it('gives back what was kept, in the order in which it is asked for, and nothing else', async () => {
  const outcomes = createCallOutcomes(store.connection);
  const [first, second] = [kept('r:e/action-0'), { key: 'r:e/action-1', attempts: 1, started_at: at, finished_at: at }];
  await outcomes.put([first, second]);
  expect(await outcomes.get(['r:e/action-2', second.key, first.key])).toEqual([second, first]);
});

it('keeps what it has when the same call is told of again, and takes what is new beside it', async () => {
  const outcomes = createCallOutcomes(store.connection);
  const [first, second] = [kept('again/action-0'), kept('again/action-1')];
  await outcomes.put([first]);
  await outcomes.put([{ ...first, attempts: 9 }, second]);
  expect(await outcomes.get([first.key, second.key])).toEqual([first, second]);
});

it('takes keys of any text, as events bring them', async () => {
  const outcomes = createCallOutcomes(store.connection);
  const odd = kept('r:\u0000é$.a.b/action-0', { detail: 'a\u0000b' });
  await outcomes.put([odd]);
  const [found] = await outcomes.get([odd.key]);
  expect(found).toMatchObject({ key: odd.key, attempts: 2 });
});
