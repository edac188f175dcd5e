/** Deliveries to subscriptions in the real store: attempts, queues of what failed, and cursors of what waits. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backlogId, type DeliveryCursor, type DeliveryKey } from '#libs/domain/subscriptions/delivery.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createDeliveryAttempts } from '#libs/store/subscriptions/delivery-attempt.repository.ts';
import { createDeliveryCursors } from '#libs/store/subscriptions/delivery-cursor.repository.ts';
import { createPendingDeliveries } from '#libs/store/subscriptions/pending-delivery.repository.ts';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';
import { deliveryAttempt, pendingEvent, subscriptionRecord } from '../../support/subscriptions.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
});
afterAll(() => store.drop());

const minute = (n: number): string => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();

describe('attempts', () => {
  it('are listed newest first, page by page, by event, run and outcome', async () => {
    const attempts = createDeliveryAttempts(store.connection);
    const subscription_id = uniqueName('subscription');
    const made = Array.from({ length: 25 }, (_, n) =>
      deliveryAttempt({
        subscription_id,
        at: minute(Math.floor(n / 3)),
        event_id: `event-${n % 4}`,
        execution_id: `run-${n % 2}`,
        ...(n % 5 === 0 && { outcome: 'failed', status: null, error: 'it is away', next_at: minute(99) }),
      }),
    );
    await attempts.add([...made, deliveryAttempt()]);
    // As a process does that has not learned what became of the first time.
    await attempts.add(made.slice(0, 3));
    const seen = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await attempts.list({ subscription_id }, { limit: 10, ...(cursor !== undefined && { cursor }) });
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    const key = ({ at, attempt_id }: { at: string; attempt_id: string }) => `${at} ${attempt_id}`;
    expect(seen).toEqual(made.toSorted((a, b) => (key(a) < key(b) ? 1 : -1)));
    const count = async (filter: object) => (await attempts.list({ subscription_id, ...filter }, {})).items.length;
    expect(await count({ event_id: 'event-1' })).toBe(6);
    expect(await count({ execution_id: 'run-0' })).toBe(13);
    expect(await count({ outcome: 'failed' })).toBe(5);
    expect(await count({ outcome: 'failed', event_id: 'event-0' })).toBe(2);
    await expect(attempts.list({ subscription_id }, { cursor: 'x' })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('tell which events were taken', async () => {
    const attempts = createDeliveryAttempts(store.connection);
    const subscription_id = uniqueName('subscription');
    await attempts.add([
      deliveryAttempt({ subscription_id, event_id: 'a', outcome: 'failed' }),
      deliveryAttempt({ subscription_id, event_id: 'a' }),
      deliveryAttempt({ subscription_id, event_id: 'b', outcome: 'failed' }),
      deliveryAttempt({ event_id: 'c' }),
    ]);
    expect(await attempts.delivered(subscription_id, ['a', 'b', 'c', 'd'])).toEqual(new Set(['a']));
  });

  it('are forgotten when they are old, those of subscriptions that were deleted too', async () => {
    const own = await openTestStore();
    await ensureIndexes(own.connection);
    const attempts = createDeliveryAttempts(own.connection);
    const subscriptions = createSubscriptions(own.connection);
    const ids = ['first', 'deleted'];
    for (const subscription_id of ids) {
      await subscriptions.add(subscriptionRecord({ subscription_id }), 10);
      await attempts.add(Array.from({ length: 150 }, (_, n) => deliveryAttempt({ subscription_id, at: minute(n) })));
    }
    await subscriptions.remove('deleted');
    let forgotten = 0;
    for (let some: number; (some = await attempts.forget(minute(120))) > 0;) forgotten += some;
    expect(forgotten).toBe(240);
    for (const subscription_id of ids) {
      const { items } = await attempts.list({ subscription_id }, { limit: 500 });
      expect(items.map(({ at }) => at)).toEqual(Array.from({ length: 30 }, (_, n) => minute(149 - n)));
    }
    await own.drop();
  });
});

describe('queues of events that wait', () => {
  const queue = (): DeliveryKey & { partition: number } => ({
    subscription_id: uniqueName('subscription'),
    execution_id: uniqueName('rule:event'),
    partition: 3,
  });

  it('take each event once and at its place, also from many at once', async () => {
    const queues = createPendingDeliveries(store.connection);
    const key = queue();
    const sequences = [4, 1, 7, 3, 0, 6, 2, 5, 4, 1];
    await Promise.all(sequences.map((sequence) => queues.push(key, [pendingEvent(sequence)], minute(sequence + 1))));
    expect(await queues.get(key)).toEqual({
      ...key,
      events: Array.from({ length: 8 }, (_, sequence) => pendingEvent(sequence)),
      next_at: minute(1),
    });
  });

  it('leave an event that is in them as it is, and their time unless another is sooner', async () => {
    const queues = createPendingDeliveries(store.connection);
    const key = queue();
    await queues.push(key, [pendingEvent(1, { attempts: 5 })], minute(10));
    await queues.push(key, [pendingEvent(1, { attempts: 0 }), pendingEvent(0)], minute(20));
    const events = [pendingEvent(0), pendingEvent(1, { attempts: 5 })];
    expect(await queues.get(key)).toEqual({ ...key, events, next_at: minute(10) });
    await queues.push(key, [pendingEvent(1)], minute(5));
    expect(await queues.get(key)).toEqual({ ...key, events, next_at: minute(5) });
    await queues.push(queue(), [], minute(5));
  });

  it('are of long run ids too', async () => {
    const queues = createPendingDeliveries(store.connection);
    const key = { ...queue(), execution_id: `rule:${'x'.repeat(3000)}` };
    await queues.push(key, [pendingEvent(0)], minute(1));
    expect(await queues.get(key)).toMatchObject(key);
    expect((await queues.list(key.subscription_id, {})).items).toEqual([await queues.get(key)]);
  });

  it('are gone with their last event, and one that is made anew takes no change meant for the old one', async () => {
    const queues = createPendingDeliveries(store.connection);
    const key = queue();
    const documents = store.connection.collection<{ subscription_id: string; revision: number }>('pending_deliveries');
    const revision = async () => (await documents.findOne({ subscription_id: key.subscription_id }))?.revision;
    await queues.push(key, [pendingEvent(0)], minute(1));
    const old = await revision();
    expect(await queues.change(key, (stored) => ({ ...stored, events: [] }))).toBeNull();
    expect(await queues.get(key)).toBeNull();
    expect(await queues.change(key, (stored) => stored)).toBeNull();
    await queues.push(key, [pendingEvent(9)], minute(1));
    expect(await revision()).not.toBe(old);
  });

  it('lose nothing that is pushed while others take from them', async () => {
    const queues = createPendingDeliveries(store.connection);
    const key = queue();
    const taken: number[] = [];
    let isPushed = false;
    const take = async () => {
      for (;;) {
        const isLast = isPushed;
        let first = -1;
        const left = await queues.change(key, (stored) => {
          first = stored.events[0]!.sequence;
          return { ...stored, events: stored.events.slice(1) };
        });
        if (first !== -1) taken.push(first);
        if (left === null && isLast && (await queues.get(key)) === null) return;
      }
    };
    const push = async () => {
      for (let sequence = 0; sequence < 40; sequence += 1) {
        await queues.push(key, [pendingEvent(sequence)], minute(1));
      }
      isPushed = true;
    };
    await Promise.all([push(), take()]);
    expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, sequence) => sequence));
  });

  it('are found by partition, by time, and by subscription: those tried next first', async () => {
    const own = await openTestStore();
    await ensureIndexes(own.connection);
    const queues = createPendingDeliveries(own.connection);
    const [a, b, c] = [1, 2, 3].map((n) => ({ subscription_id: 's', execution_id: `run-${n}`, partition: n % 2 }));
    await queues.push(a!, [pendingEvent(0)], minute(9));
    await queues.push(b!, [pendingEvent(0)], minute(5));
    await queues.push(c!, [pendingEvent(0)], minute(1));
    expect(await queues.change(c!, (stored) => ({ ...stored, next_at: null }))).toMatchObject({ next_at: null });
    await queues.push({ ...a!, subscription_id: 'other' }, [pendingEvent(0)], minute(7));
    const idOf = ({ subscription_id, execution_id }: DeliveryKey) => `${subscription_id} ${execution_id}`;

    expect((await queues.keysOfPartition(1)).map(idOf).toSorted()).toEqual(['other run-1', 's run-1', 's run-3']);
    expect((await queues.overdue(minute(9), 10)).map(idOf)).toEqual(['s run-2', 'other run-1']);
    expect((await queues.overdue(minute(99), 2)).map(idOf)).toEqual(['s run-2', 'other run-1']);
    expect((await queues.parked('s', 10)).map(idOf)).toEqual(['s run-3']);
    expect((await queues.parked('other', 10)).map(idOf)).toEqual([]);
    const first = await queues.list('s', { limit: 2 });
    expect(first.items.map(idOf)).toEqual(['s run-2', 's run-1']);
    const second = await queues.list('s', { limit: 2, cursor: first.nextCursor! });
    expect(second).toMatchObject({ items: [{ execution_id: 'run-3', next_at: null }], nextCursor: null });

    expect(await queues.removeAll('s', 2)).toBe(2);
    expect(await queues.removeAll('s', 2)).toBe(1);
    expect(await queues.removeAll('s', 2)).toBe(0);
    expect((await queues.list('other', {})).items).toHaveLength(1);
    await own.drop();
  });

  it('that wait for their subscription are tried when a time is given', async () => {
    const queues = createPendingDeliveries(store.connection);
    const key = queue();
    await queues.push(key, [pendingEvent(0)], minute(9));
    await queues.change(key, (stored) => ({ ...stored, next_at: null }));
    await queues.push(key, [pendingEvent(1)], minute(12));
    expect(await queues.get(key)).toMatchObject({ events: [{ sequence: 0 }, { sequence: 1 }], next_at: minute(12) });
  });
});

describe('cursors', () => {
  const cursor = (given: Partial<DeliveryCursor> = {}): DeliveryCursor => ({
    cursor_id: backlogId(uniqueName('subscription'), 0),
    subscription_id: uniqueName('subscription'),
    topic_id: '',
    partition: 0,
    next: 5,
    until: null,
    redelivery_id: null,
    only_failed: false,
    owner: null,
    ...given,
  });

  it('are moved and removed by their owner alone', async () => {
    const cursors = createDeliveryCursors(store.connection);
    const one = cursor({ until: 90, redelivery_id: 'again', only_failed: true });
    const stored = async () => (await cursors.all()).find(({ cursor_id }) => cursor_id === one.cursor_id);
    await cursors.add([one]);
    expect(await stored()).toEqual(one);
    expect(await cursors.move(one.cursor_id, 'a', 6)).toBe(false);
    expect(await cursors.claim(one.cursor_id, 'a')).toBe(true);
    expect(await cursors.move(one.cursor_id, 'a', 6)).toBe(true);
    expect(await cursors.claim(one.cursor_id, 'b')).toBe(true);
    expect(await cursors.move(one.cursor_id, 'a', 7)).toBe(false);
    await cursors.remove(one.cursor_id, 'a');
    // Added again by the same request: it stays as it is.
    await cursors.add([one, cursor()]);
    expect(await stored()).toEqual({ ...one, owner: 'b', next: 6 });
    await cursors.remove(one.cursor_id, 'b');
    expect(await stored()).toBeUndefined();
    expect(await cursors.claim(one.cursor_id, 'b')).toBe(false);
  });

  it('are put over those of the same id, also by many at once', async () => {
    const cursors = createDeliveryCursors(store.connection);
    const one = cursor();
    await Promise.all(Array.from({ length: 10 }, (_, next) => cursors.put({ ...one, next })));
    await cursors.put({ ...one, next: 77, owner: 'a' });
    const found = (await cursors.all()).filter(({ cursor_id }) => cursor_id === one.cursor_id);
    expect(found).toEqual([{ ...one, next: 77, owner: 'a' }]);
  });

  it('go with their subscription', async () => {
    const cursors = createDeliveryCursors(store.connection);
    const [a, b] = [cursor(), cursor()];
    await cursors.add([a, { ...a, cursor_id: `${a.cursor_id}/again` }, b]);
    await cursors.removeAll(a.subscription_id);
    const ids = (await cursors.all()).map(({ subscription_id }) => subscription_id);
    expect(ids).toContain(b.subscription_id);
    expect(ids).not.toContain(a.subscription_id);
  });
});
