import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Notification } from '#libs/domain/crm/notification.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
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
  expect(await notifications.list({ managerId: 7 })).toEqual([later, notification('a')]);
  expect((await notifications.list({ limit: 2 })).map(({ id }) => id)).toEqual(['c', 'b']);
});
