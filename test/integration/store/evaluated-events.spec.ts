/** What is kept of events that started nothing. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EvaluatedEvent, EvaluatedEvents } from '#libs/domain/matching/evaluated-event.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createEvaluatedEvents } from '#libs/store/runs/evaluated-event.repository.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let events: EvaluatedEvents;
beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
  events = createEvaluatedEvents(store.connection);
});
afterAll(() => store.drop());

const event = (eventId: string, at: string, more: object = {}): EvaluatedEvent => ({
  eventKey: `${eventId}~1`,
  eventId,
  trigger: 'customer.deposited',
  at,
  revision: 3,
  outcome: 'no_match',
  context: { brand: 'alpha', event: { amount: 5, ...more } },
});
const documents = () => store.connection.collection('evaluated_events').countDocuments();

it('is found by the id of each event, many to a document, and kept once', async () => {
  const at = '2026-01-01T00:00:00.000Z';
  const many = Array.from({ length: 1000 }, (_, index) => event(`many-${index}`, at));
  await events.keep(many);
  await events.keep(many);
  expect(await documents()).toBeLessThan(many.length / 100);
  expect(await events.get('many-0')).toEqual([many[0]]);
  expect(await events.get('many-999')).toEqual([many[999]]);
  expect(await events.get('many')).toEqual([]);
});

it('takes what is too much for one document, and ids of any length', async () => {
  const at = '2026-01-02T00:00:00.000Z';
  const long = 'x'.repeat(2_000);
  const large = Array.from({ length: 30 }, (_, index) => event(`${long}${index}`, at, { text: 'y'.repeat(100_000) }));
  const before = await documents();
  await events.keep(large);
  expect(await documents()).toBeGreaterThan(before + 1);
  expect(await events.get(`${long}29`)).toEqual([large[29]]);
});

it('is that of the first time when an event comes again', async () => {
  await events.keep([
    event('again', '2026-01-03T00:00:01.000Z', { amount: 2 }),
    event('other', '2026-01-03T00:00:01Z'),
  ]);
  await events.keep([event('again', '2026-01-03T00:00:00.000Z', { amount: 1 })]);
  expect((await events.get('again'))[0]?.context).toMatchObject({ event: { amount: 1 } });
});

it('is forgotten once it is old', async () => {
  await events.keep([event('old', '2025-01-01T00:00:00.000Z'), event('old too', '2025-01-01T00:00:00.000Z')]);
  await events.keep([event('young', '2026-02-01T00:00:00.000Z')]);
  while ((await events.forget('2025-06-01T00:00:00.000Z')) > 0);
  expect(await events.get('old')).toEqual([]);
  expect(await events.get('young')).toHaveLength(1);
});
