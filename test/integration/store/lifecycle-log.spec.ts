/** Offsets of lifecycle events by the time at which they were kept, against a look at every one of them. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLifecycleLog } from '#libs/store/lifecycle/lifecycle-log.repository.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
});
afterAll(() => store.drop());

const second = (n: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString();

it('the first offset kept since a time is found, whatever lies between the offsets', async () => {
  const log = createLifecycleLog(store.connection);
  // Offsets of transactions and of what was no event hold nothing; many events are kept at once.
  const offsets = Array.from({ length: 60 }, (_, n) => 10 + n * 4 + (n % 3));
  const kept = offsets.map((offset, n) => ({ offset, at: second(Math.floor(n / 4) * 10) }));
  const base = { topicId: 'topic', executionId: 'r', sequence: 0, processId: 'rule', tenantId: 'alpha' };
  const rest = { type: 'WorkflowStarted', occurredAt: second(0), text: '{}' } as const;
  for (const { offset, at } of kept) {
    const eventId = randomUUID();
    // Those of other partitions lie before and behind, kept at other times.
    for (const partition of [0, 1, 2]) {
      const id = partition === 1 ? eventId : randomUUID();
      await log.add([{ ...base, ...rest, eventId: id, partition, offset }]);
    }
    await store.connection
      .collection<{ _id: string }>('lifecycle_events')
      .updateOne({ _id: eventId }, { $set: { kept_at: at } });
  }
  const range = { topicId: 'topic', partition: 1, from: 0, to: 300 };
  for (let time = -5; time <= 155; time += 5) {
    const first = kept.find(({ at }) => at >= second(time))?.offset;
    const found = await log.offsetAt(range, second(time));
    // The same events follow: an offset that holds nothing may be found in place of the next one that does.
    const after = kept.filter(({ offset }) => offset >= found).map(({ offset }) => offset);
    expect(after[0], `since ${time} s`).toBe(first);
  }
  expect(await log.offsetAt(range, second(9999))).toBeGreaterThan(offsets.at(-1)!);
  expect(await log.offsetAt({ ...range, from: 40, to: 40 }, second(0))).toBe(40);
});
