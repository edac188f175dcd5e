/** Webhook subscriptions in the real store: changes that meet, their revision, and how many there may be. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';
import { subscriptionRecord } from '../../support/subscriptions.ts';

const most = 1000;

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
});
afterAll(() => store.drop());

describe('subscriptions', () => {
  it('are given back as they were added, each once', async () => {
    const subscriptions = createSubscriptions(store.connection);
    const all = [
      subscriptionRecord(),
      subscriptionRecord({ types: ['WorkflowFailed'], rule_id: 'r', brands: ['alpha', ''], not_before: '2026-02-01' }),
      subscriptionRecord({ status: 'disabled', disabled_reason: 'gone', failures: 3, rotated_at: ['2026-01-01'] }),
    ];
    for (const one of [...all, all[0]!]) await subscriptions.add(one, most);
    expect(await subscriptions.get(all[1]!.subscription_id)).toEqual(all[1]);
    const ids = new Set(all.map(({ subscription_id }) => subscription_id));
    const found = (await subscriptions.all()).filter(({ subscription_id }) => ids.has(subscription_id));
    const byId = (list: typeof all) => Object.fromEntries(list.map((one) => [one.subscription_id, one]));
    expect(found).toHaveLength(3);
    expect(byId(found)).toEqual(byId(all));
  });

  it('lose none of the changes that are made at once', async () => {
    const subscriptions = createSubscriptions(store.connection);
    const one = subscriptionRecord();
    await subscriptions.add(one, most);
    const before = await subscriptions.revision();
    const increase = () =>
      subscriptions.change(one.subscription_id, (stored) => ({ ...stored, failures: stored.failures + 1 }));
    await Promise.all(Array.from({ length: 10 }, increase));
    expect(await subscriptions.get(one.subscription_id)).toEqual({ ...one, failures: 10 });
    expect(Math.floor(await subscriptions.revision())).toBe(Math.floor(before) + 10);
  });

  it('stay as they are where the change is none', async () => {
    const subscriptions = createSubscriptions(store.connection);
    const one = subscriptionRecord();
    await subscriptions.add(one, most);
    const before = await subscriptions.revision();
    expect(await subscriptions.change(one.subscription_id, () => null)).toEqual(one);
    expect(Math.floor(await subscriptions.revision())).toBe(Math.floor(before));
    expect(await subscriptions.change('none', (stored) => stored)).toBeNull();
  });

  it('are found changed by whoever sees another revision, however often it asks', async () => {
    const subscriptions = createSubscriptions(store.connection);
    const ids = Array.from({ length: 3 }, () => subscriptionRecord());
    for (const one of ids) await subscriptions.add(one, most);
    let isDone = false;
    const writer = Promise.all(
      ids.map(async ({ subscription_id }) => {
        for (let n = 0; n < 10; n += 1) {
          await subscriptions.change(subscription_id, (stored) => ({ ...stored, failures: stored.failures + 1 }));
        }
      }),
    ).finally(() => (isDone = true));
    // As a process that keeps a copy does: only another revision makes it read.
    let copy = { revision: -1, failures: 0 };
    for (let last = false; ; last = isDone) {
      const revision = await subscriptions.revision();
      if (revision !== copy.revision) {
        const all = await subscriptions.all();
        copy = { revision, failures: all.reduce((sum, { failures }) => sum + failures, 0) };
      }
      if (last) break;
    }
    await writer;
    const stored = (await subscriptions.all()).reduce((sum, { failures }) => sum + failures, 0);
    expect(copy.failures).toBe(stored);
  });

  it('are seen changed in the end, also when the process died before it counted the change', async () => {
    const subscriptions = createSubscriptions(store.connection);
    const one = subscriptionRecord();
    await subscriptions.add(one, most);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) });
    const before = await subscriptions.revision();
    const documents = store.connection.collection<{ _id: string }>('subscriptions');
    await documents.updateOne({ _id: one.subscription_id }, { $set: { status: 'paused' } });
    vi.setSystemTime(Date.UTC(2026, 0, 1, 0, 0, 31));
    const after = await subscriptions.revision();
    vi.useRealTimers();
    expect(after).not.toBe(before);
  });

  it('that were deleted are seen no more, leave no secret, and never bring an old revision back', async () => {
    const subscriptions = createSubscriptions(store.connection);
    const one = subscriptionRecord();
    const revisions = new Set([Math.floor(await subscriptions.revision())]);
    await subscriptions.add(one, most);
    revisions.add(Math.floor(await subscriptions.revision()));
    expect(await subscriptions.remove(one.subscription_id)).toBe(true);
    revisions.add(Math.floor(await subscriptions.revision()));
    await subscriptions.add(subscriptionRecord(), most);
    revisions.add(Math.floor(await subscriptions.revision()));
    expect(revisions.size).toBe(4);
    expect(await subscriptions.remove(one.subscription_id)).toBe(false);
    expect(await subscriptions.get(one.subscription_id)).toBeNull();
    expect(await subscriptions.change(one.subscription_id, (stored) => stored)).toBeNull();
    const left = await store.connection
      .collection<{ _id: string }>('subscriptions')
      .findOne({ _id: one.subscription_id });
    expect(JSON.stringify(left)).not.toMatch(/whsec_|receiver\.example/);
  });

  it('are never more than there may be, also when many are added at once', async () => {
    const own = await openTestStore();
    await ensureIndexes(own.connection);
    const subscriptions = createSubscriptions(own.connection);
    const records = Array.from({ length: 12 }, () => subscriptionRecord());
    const added = await Promise.allSettled(records.map((one) => subscriptions.add(one, 8)));
    expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
    const refused = added.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refused).toHaveLength(4);
    for (const error of refused) expect(error).toMatchObject({ code: 'too_many_subscriptions', retryable: false });
    const [first] = await subscriptions.all();
    await subscriptions.remove(first!.subscription_id);
    await subscriptions.add(subscriptionRecord(), 8);
    await expect(subscriptions.add(subscriptionRecord(), 8)).rejects.toMatchObject({ code: 'too_many_subscriptions' });
    expect(await subscriptions.all()).toHaveLength(8);
    await own.drop();
  });
});
