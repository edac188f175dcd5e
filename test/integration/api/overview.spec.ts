/** How things stand, over HTTP, on a real store and Kafka. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKafka } from '#libs/kafka/client.ts';
import { ensureTopics, topicName } from '#libs/kafka/topics.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { startTestApi, type TestApi, type TokenOptions } from '../../support/api.ts';
import { approval } from '../../support/approvals.ts';
import { foreignKafka } from '../../support/foreign-kafka.ts';
import { runRecord } from '../../support/runs.ts';
import { servers, uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';
import { subscriptionRecord } from '../../support/subscriptions.ts';

type Overview = Record<string, Record<string, unknown>>;

const name = uniqueName('overview');
const topicSettings = { topicPrefix: `${name}.`, partitions: 2, replication: 1 };
const from = '2026-01-02T00:00:00.000Z';

let store: TestStore;
let api: TestApi;
beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
  api = await startTestApi({
    MONGODB_URI: store.uri,
    KAFKA_TOPIC_PREFIX: topicSettings.topicPrefix,
    KAFKA_GROUP_ID: name,
  });
});
afterAll(async () => {
  await api?.close();
  await store?.drop();
});

async function overview(options: TokenOptions = {}, role = 'SESSION_ADMIN', at = api): Promise<Overview> {
  const { status, body } = await at.as(role, `/api/workflow/overview?from=${from}`, {}, options);
  expect(status).toBe(200);
  return body.data?.['overview'] as Overview;
}

const known = (count: number) => ({ state: 'known', count, is_more: false });

describe('the numbers', () => {
  beforeAll(async () => {
    const run = (run_id: string, brand: string | null, status: 'running' | 'claimed' | 'held' | 'failed', day = 3) =>
      runRecord({ run_id, brand, status, claimed_at: `2026-01-0${day}T00:00:00.000Z` });
    await createRunLedger(store.connection).claim([
      run('r:1', 'oak', 'running'),
      run('r:2', 'oak', 'claimed'),
      run('r:3', 'elm', 'running'),
      run('r:4', null, 'running'),
      run('r:5', 'elm', 'held'),
      run('r:6', 'oak', 'failed'),
      run('r:7', 'oak', 'failed', 1),
    ]);
    const approvals = createApprovals(store.connection);
    const asked = (token: string, tenant: string, day: number, given = {}) =>
      approvals.put(
        approval({
          token: token.repeat(64),
          tenant,
          asked_at: `2026-01-0${day}T00:00:00.000Z`,
          title: token,
          ...given,
        }),
      );
    await asked('a', 'oak', 3);
    await asked('b', 'elm', 2, { run_id: 'r:3' });
    await asked('c', 'oak', 1, { state: 'approved', closed_at: '2026-01-02T00:00:00.000Z' });
    const subscriptions = createSubscriptions(store.connection);
    const add = (subscription_id: string, given: Parameters<typeof subscriptionRecord>[0]) =>
      subscriptions.add(subscriptionRecord({ subscription_id, ...given }), 10);
    await add('fine', { brands: ['oak'] });
    await add('failing', { brands: ['oak'], failures: 2 });
    await add('off', { brands: null, status: 'disabled', disabled_reason: 'failing' });
    await add('paused', { brands: ['oak'], status: 'paused', failures: 3 });
  });

  it('are those of all brands for a session of all', async () => {
    expect(await overview()).toMatchObject({
      failed_from: from,
      running: known(4),
      waiting: known(2),
      held: known(1),
      failed: known(1),
      oldest_wait: { state: 'known', approval: { title: 'b', run_id: 'r:3', token: 'b'.repeat(64) } },
      failing_subscriptions: known(2),
    });
  });

  it('are those of its brands for another session, and nothing of the whole', async () => {
    expect(await overview({ brands: ['oak'] })).toMatchObject({
      running: known(2),
      waiting: known(1),
      held: known(0),
      failed: known(1),
      oldest_wait: { state: 'known', approval: { title: 'a' } },
      lag: { state: 'withheld', events: null, behind_seconds: null },
      failing_subscriptions: known(1),
    });
    expect(await overview({ brands: [] })).toMatchObject({
      running: known(0),
      waiting: known(0),
      oldest_wait: { state: 'known', approval: null },
    });
  });

  it('name an approval by its token to those who may answer, and no subscription to others than administrators', async () => {
    const asManager = await overview({}, 'SESSION_MANAGER');
    expect(asManager['oldest_wait']).toMatchObject({ approval: { title: 'b', token: null } });
    expect(asManager['failing_subscriptions']).toEqual({ state: 'withheld', count: null, is_more: false });
    const asDealer = await overview({}, 'SESSION_DEALER');
    expect(asDealer['oldest_wait']).toMatchObject({ approval: { token: 'b'.repeat(64) } });
  });

  it('count failures of the day in UTC where nothing is said', async () => {
    const { body } = await api.as('SESSION_ADMIN', '/api/workflow/overview');
    expect(body.data?.['overview']).toMatchObject({
      failed_from: expect.stringMatching(/T00:00:00\.000Z$/),
      failed: known(0),
    });
    expect((await api.as('SESSION_ADMIN', '/api/workflow/overview?from=today')).status).toBe(400);
  });

  it('are told as more than are counted', async () => {
    const many = Array.from({ length: 10_001 }, (_, n) =>
      runRecord({ run_id: `many:${n}`, brand: 'fir', status: 'held', claimed_at: '2026-01-03T00:00:00.000Z' }),
    );
    const ledger = createRunLedger(store.connection);
    for (let at = 0; at < many.length; at += 1000) await ledger.claim(many.slice(at, at + 1000));
    expect((await overview({ brands: ['fir'] }))['held']).toEqual({ state: 'known', count: 10_000, is_more: true });
  });
});

describe('the lag', () => {
  const kafka = createKafka({ brokers: servers().kafka, tls: false }, createLogger('test', 'silent'));

  it('is unknown while the topics are not there, and none is made by asking', async () => {
    expect((await overview())['lag']).toEqual({ state: 'unknown', events: null, behind_seconds: null });
    const made = await withAdmin(kafka, (admin) => admin.listTopics());
    expect(made.filter((one) => one.startsWith(topicSettings.topicPrefix))).toEqual([]);
  });

  it('follows what the ingress has not committed, and for how long', async () => {
    await withAdmin(kafka, (admin) => ensureTopics(admin, topicSettings));
    await expect.poll(async () => (await overview())['lag']).toEqual({ state: 'known', events: 0, behind_seconds: 0 });
    const client = foreignKafka();
    const producer = client.producer();
    await producer.connect();
    const topic = topicName(topicSettings, topics.crm);
    const timestamp = String(Date.now() - 600_000);
    await producer.send({
      topic,
      messages: [
        { value: 'a', partition: 0, timestamp },
        { value: 'b', partition: 1 },
      ],
    });
    await producer.disconnect();
    await expect.poll(async () => (await overview())['lag']?.['events']).toBe(2);
    const { behind_seconds } = (await overview())['lag'] as { behind_seconds: number };
    expect(behind_seconds).toBeGreaterThanOrEqual(600);
    expect(behind_seconds).toBeLessThan(800);

    const admin = client.admin();
    await admin.connect();
    const done = [0, 1].map((partition) => ({ partition, offset: '1' }));
    await admin.setOffsets({ groupId: name, topic, partitions: done });
    await admin.disconnect();
    await expect.poll(async () => (await overview())['lag']).toEqual({ state: 'known', events: 0, behind_seconds: 0 });
  });
});

it('says what it knows while Kafka is away, and in time', async () => {
  const away = await startTestApi({ MONGODB_URI: store.uri, KAFKA_BROKERS: '127.0.0.1:1' });
  const begun = performance.now();
  expect(await overview({}, 'SESSION_ADMIN', away)).toMatchObject({
    lag: { state: 'unknown' },
    held: { state: 'known' },
  });
  expect(performance.now() - begun).toBeLessThan(10_000);
  await away.close();
});

it('says that it knows nothing while the store is away', async () => {
  const away = await startTestApi({ MONGODB_URI: 'mongodb://127.0.0.1:1/away' });
  const unknown = { state: 'unknown', count: null, is_more: false };
  expect(await overview({}, 'SESSION_ADMIN', away)).toMatchObject({
    running: unknown,
    waiting: unknown,
    oldest_wait: { state: 'unknown', approval: null },
    failing_subscriptions: unknown,
  });
  await away.close();
});
