/** What comes of a subscription that fails for days: who is told, how often, and that it ends. On the real store. */
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StoredSubscription } from '#libs/domain/subscriptions/subscription.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import { SubscriptionAlerts } from '#libs/subscriptions/subscription-alerts.ts';
import { createSubscriptionHealth } from '#libs/subscriptions/subscription-health.ts';
import { SubscriptionMetrics } from '#libs/subscriptions/subscription-metrics.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { until } from '../../support/ingress.ts';
import { startReceiver } from '../../support/receiver.ts';
import { uniqueName } from '../../support/servers.ts';
import { WaitingEvents } from '../../support/waiting-events.ts';

const hour = 3_600_000;
const ago = (hours: number): string => new Date(Date.now() - hours * hour).toISOString();
const failure = { isDelivered: false, status: 500, retryAfterMs: undefined };
const success = { isDelivered: true, status: 200, retryAfterMs: undefined };
const event = { eventId: 'e-1', executionId: 'rule-1:e-1', processId: 'rule-1' };

let waiting: WaitingEvents;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  waiting = await WaitingEvents.create();
  await createDirectory(waiting.world.store).load({
    managers: [
      { id: 1, name: 'Ada', email: 'ada@example.com', enabled: true, brands: ['acme'] },
      { id: 2, name: 'Bob', enabled: true, brands: ['acme'] },
      { id: 3, name: 'Eve', enabled: true, brands: ['zen'] },
      { id: 4, name: 'Off', enabled: false, brands: ['acme'] },
    ],
  });
});
afterAll(() => waiting.close());
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A process that hears of attempts, with what it counts. */
function process(dies = false) {
  const { store } = waiting.world;
  const metrics = new SubscriptionMetrics(new Registry());
  const subscriptions = createSubscriptions(store);
  const alerts = new SubscriptionAlerts({
    directory: createDirectory(store),
    notifications: createNotificationStore(store),
    audit: createAuditLog(store),
    metrics,
    log: createLogger('test', 'silent'),
    failureHours: 120,
  });
  const change: typeof subscriptions.change = dies
    ? () => Promise.reject(new Error('this process is dead'))
    : (id, plan) => subscriptions.change(id, plan);
  const ports = { subscriptions: { ...subscriptions, change }, alerts, failureHours: 120 };
  const health = createSubscriptionHealth(ports);
  const count = async (name: 'warnings' | 'disabled') =>
    (await metrics[name].get()).values.reduce((sum, { value }) => sum + value, 0);
  return { health, count };
}

/** What people were told of it. */
async function told({ subscription_id }: StoredSubscription) {
  const { store } = waiting.world;
  const notes = await createNotificationStore(store).list({ limit: 200 });
  const audit = await createAuditLog(store).list({ target: `subscription/${subscription_id}` });
  return {
    notifications: notes.filter(({ id }) => id.startsWith(`subscription/${subscription_id}/`)),
    audit: audit.items,
  };
}

const failing = (failures: number, more: Partial<StoredSubscription> = {}) =>
  waiting.subscribe({ failures, failed_at: ago(13), brands: ['acme'], created_by: 'carol', ...more });
const stored = ({ subscription_id }: StoredSubscription) => waiting.subscriptions.get(subscription_id);

describe('a subscription that fails', () => {
  it.each([
    [5, 50],
    [7, 70],
    [9, 90],
  ])('is warned of once when two processes see failure %i at the same time: %i %', async (failures, percent) => {
    const subscription = await failing(failures);
    const [one, other] = [process(), process()];
    await Promise.all(
      [one, other].flatMap(({ health }) =>
        Array.from({ length: 3 }, () => health.noteAttempt(subscription, event, failure)),
      ),
    );
    expect(await stored(subscription)).toMatchObject({ failures: failures + 1, status: 'active' });
    const { notifications, audit } = await told(subscription);
    expect(new Set(notifications.map(({ manager_id }) => manager_id))).toEqual(new Set([1, 2]));
    expect(notifications).toHaveLength(2);
    expect(notifications[0]).toMatchObject({ title: 'Subscription fails: billing', tenant: 'acme' });
    expect(notifications[0]?.message).toContain('of carol');
    expect(notifications[0]?.message).toContain(`${percent} %`);
    expect(audit).toMatchObject([{ operation: 'subscription.warn', by: 'system', outcome: 'done', brand: 'acme' }]);
    expect((await one.count('warnings')) + (await other.count('warnings'))).toBe(1);
  });

  it('tells its owner alone where the owner is a manager', async () => {
    const subscription = await failing(5, { created_by: 'Ada@Example.com' });
    await process().health.noteAttempt(subscription, event, failure);
    expect((await told(subscription)).notifications.map(({ manager_id }) => manager_id)).toEqual([1]);
  });

  it('is warned of once when the process dies that has told it', async () => {
    const subscription = await failing(5);
    await expect(process(true).health.noteAttempt(subscription, event, failure)).rejects.toThrow('dead');
    expect(await stored(subscription)).toMatchObject({ failures: 5 });
    const next = process();
    await next.health.noteAttempt(subscription, event, failure);
    expect(await stored(subscription)).toMatchObject({ failures: 6 });
    const { notifications, audit } = await told(subscription);
    expect([notifications.length, audit.length, await next.count('warnings')]).toEqual([2, 1, 1]);
  });

  it('is disabled after five days, and that is told once', async () => {
    const subscription = await failing(10);
    const [one, other] = [process(), process()];
    expect(one.health.disables(subscription, failure)).toBe(true);
    await Promise.all([one, other].map(({ health }) => health.noteAttempt(subscription, event, failure)));
    expect(await stored(subscription)).toMatchObject({ status: 'disabled', disabled_reason: 'failing', failures: 11 });
    const { notifications, audit } = await told(subscription);
    expect(notifications.map(({ title }) => title)).toEqual(Array(2).fill('Subscription disabled: billing'));
    expect(audit).toMatchObject([{ operation: 'subscription.disable', what: { reason: 'failing', failures: 11 } }]);
    expect((await one.count('disabled')) + (await other.count('disabled'))).toBe(1);
  });

  it('is disabled at once by a receiver that is gone', async () => {
    const subscription = await failing(0, { failed_at: null });
    await process().health.noteAttempt(subscription, event, { ...failure, status: 410 });
    expect(await stored(subscription)).toMatchObject({ status: 'disabled', disabled_reason: 'gone' });
    expect((await told(subscription)).audit).toMatchObject([{ operation: 'subscription.disable' }]);
  });

  it('begins anew with one success, and is written no more by those after it', async () => {
    const subscription = await failing(7);
    const { health } = process();
    await health.noteAttempt(subscription, event, success);
    const reset = (await stored(subscription))!;
    expect(reset).toMatchObject({ failures: 0, failed_at: null });
    const before = await waiting.subscriptions.revision();
    await health.noteAttempt(reset, event, success);
    // So soon after a success, a failure is none of the subscription as a whole.
    await health.noteAttempt(reset, event, failure);
    await health.noteAttempt(subscription, event, success);
    expect(await waiting.subscriptions.revision()).toBe(before);
  });
});

it('a delivery process disables a subscription by an attempt that fails, and keeps its events', async () => {
  const receiver = await startReceiver((_request, response) => void response.writeHead(500).end());
  closing.push(() => receiver.close());
  const delivery = await waiting.world.start({ SUBSCRIPTION_POLL_MS: '200' });
  closing.push(() => delivery.close());
  const subscription = await failing(10, { url: receiver.url });
  const steady = await waiting.subscribe({ failures: 1, failed_at: ago(1), name: uniqueName('steady') });
  const key = await waiting.queue(subscription, await waiting.keep());
  await until('it is disabled', async () => (await stored(subscription))?.status === 'disabled');
  const queue = await waiting.untilQueue(key, 'its events wait', ({ next_at }) => next_at === null);
  expect(queue.events).toHaveLength(2);
  const metrics = async () => (await fetch(`${delivery.url}/metrics`)).text();
  await until('it is counted', async () =>
    (await metrics()).includes('signalbox_subscriptions_disabled_total{reason="failing",app="delivery"} 1'),
  );
  // Those of the tests before are active and fail, too.
  const failingOnes = (await waiting.subscriptions.all()).filter((one) => one.status === 'active' && one.failures > 0);
  expect(failingOnes.map(({ name }) => name)).toContain(steady.name);
  await until('those that fail are shown', async () =>
    (await metrics()).includes(`signalbox_subscriptions_failing{app="delivery"} ${failingOnes.length}`),
  );
});
