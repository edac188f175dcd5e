/** What a delivery process puts in order that others have left behind. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDeliveryCursors } from '#libs/store/subscriptions/delivery-cursor.repository.ts';
import { until } from '../../support/ingress.ts';
import { startReceiver } from '../../support/receiver.ts';
import { uniqueName } from '../../support/servers.ts';
import { deliveryAttempt } from '../../support/subscriptions.ts';
import { WaitingEvents } from '../../support/waiting-events.ts';

let waiting: WaitingEvents;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  waiting = await WaitingEvents.create();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await waiting.close();
});

it('removes cursors of subscriptions that are gone, and no others', async () => {
  const cursors = createDeliveryCursors(waiting.world.store);
  // Paused: nobody moves its cursor on.
  const subscription = await waiting.subscribe({ status: 'paused' });
  const own = { topic_id: 'kept', partition: 0, next: 0, until: null, redelivery_id: null, only_failed: false };
  for (const subscription_id of [subscription.subscription_id, uniqueName('gone')])
    await cursors.put({ ...own, cursor_id: `${subscription_id}/0`, subscription_id, owner: null });
  await waiting.world.start();
  await until('one cursor is left', async () => (await cursors.all()).length === 1);
  expect(await cursors.all()).toMatchObject([{ subscription_id: subscription.subscription_id }]);
});

it('forgets attempts that are older than the events are kept', async () => {
  const subscription = await waiting.subscribe({ status: 'paused' });
  const { subscription_id } = subscription;
  const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
  const attempts = [daysAgo(6), daysAgo(8)].map((at) => deliveryAttempt({ subscription_id, at }));
  await waiting.attempts.add(attempts);
  await waiting.world.start({ LIFECYCLE_EVENT_DAYS: '7' });
  await until('the old one is gone', async () => (await waiting.attemptsAt(subscription)).length === 1);
  expect(await waiting.attemptsAt(subscription)).toMatchObject([{ attempt_id: attempts[0]!.attempt_id }]);
});

it('tries what waited for a subscription that became active while no process ran', async () => {
  const receiver = await startReceiver((_request, response) => void response.writeHead(200).end());
  closing.push(() => receiver.close());
  const subscription = await waiting.subscribe({ url: receiver.url });
  const events = await waiting.keep(1);
  const key = await waiting.queue(subscription, events);
  await waiting.pending.change(key, (stored) => ({ ...stored, next_at: null }));
  await waiting.world.start();
  await waiting.untilEmpty(key);
  expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual(events.map(({ eventId }) => eventId));
});
