import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Notification } from '#libs/domain/crm/notification.ts';
import { createNotificationStore, notificationModel } from '#libs/store/crm/notification.repository.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

function notification(id: string, given: Partial<Notification> = {}): Notification {
  return {
    id,
    manager_id: 7,
    title: 'High risk trade',
    message: 'Look at this.',
    tenant: 'alpha',
    run_id: 'rule-1:event-1',
    rule_id: 'rule-1',
    rule_name: 'Rule 1',
    event_id: 'event-1',
    customer_id: null,
    login: 4711,
    created_at: '2026-01-02T03:04:05.000Z',
    ...given,
  };
}

it('adds a notification once, however often its action is attempted, and lists the newest first', async () => {
  const notifications = createNotificationStore(store.connection);
  await notifications.add([]);
  await notifications.add([notification('a'), notification('b', { manager_id: 8 })]);
  const later = notification('c', { created_at: '2026-01-03T00:00:00.000Z' });
  await notifications.add([notification('a', { message: 'Second attempt.' }), later]);
  const unread = { state: 'unread' };
  expect(await notifications.list({ managerId: 7 })).toEqual([
    { ...later, ...unread },
    { ...notification('a'), ...unread },
  ]);
  expect((await notifications.list({ limit: 2 })).map(({ id }) => id)).toEqual(['c', 'b']);
});

it('marks one as read once, and lists those that are not', async () => {
  const notifications = createNotificationStore(store.connection);
  const [one, other] = [notification('r-1', { manager_id: 70 }), notification('r-2', { manager_id: 70 })];
  await notifications.add([one, other]);
  const at = '2026-01-05T00:00:00.000Z';
  const read = { ...one, state: 'read', read_at: at, read_by: 'ada' };
  expect(await notifications.markRead('r-1', at, 'ada')).toEqual(read);
  expect(await notifications.markRead('r-1', '2026-01-06T00:00:00.000Z', 'bert')).toEqual(read);
  // A repeated attempt of the action makes nothing unread.
  await notifications.add([one]);
  const { items } = await notifications.page({ managerId: 70, isUnread: true });
  expect(items.map(({ id }) => id)).toEqual(['r-2']);
  await expect(notifications.markRead('none', at, 'ada')).rejects.toMatchObject({ code: 'notification_not_found' });
});

it('counts one of a time before notifications could be read as read', async () => {
  const { state: _state, ...old } = { state: null, ...notification('old', { manager_id: 71 }) };
  const { id: _id, ...fields } = old;
  await notificationModel(store.connection).collection.insertOne({ _id, ...fields } as never);
  const notifications = createNotificationStore(store.connection);
  expect(await notifications.page({ managerId: 71, isUnread: true })).toMatchObject({ items: [] });
  expect(await notifications.page({ managerId: 71 })).toMatchObject({ items: [{ id: 'old' }] });
  expect(await notifications.markRead('old', '2026-01-05T00:00:00.000Z', 'ada')).toEqual(old);
});
