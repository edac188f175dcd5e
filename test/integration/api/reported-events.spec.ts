/** What becomes of reported events: behind Kafka, and while Kafka or the store is away. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrmEnvelope } from '#libs/contracts/crm-message.ts';
import { startTestApi, type Answer, type TestApi } from '../../support/api.ts';
import { IngressWorld, until } from '../../support/ingress.ts';
import { startKafkaBroker, type TestBroker } from '../../support/kafka-broker.ts';
import { registration, ReportingWorld, type MadeWebhook } from '../../support/reporting.ts';
import { servers, uniqueName } from '../../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { tokenSecret, webhookRecord } from '../../support/workflow-webhooks.ts';
import { createWorkflowWebhooks } from '#libs/store/workflow-webhooks/workflow-webhook.repository.ts';
import { drawWebhookKey } from '#libs/domain/workflow-webhooks/webhook-key.ts';

const received = { status: 200, body: { success: true, data: { received: true } } };
const bare = ({ status, body }: Answer) => ({ status, body });

describe('behind Kafka', () => {
  let world: IngressWorld;
  let api: TestApi;
  beforeAll(async () => {
    world = await IngressWorld.create();
    api = await startTestApi({ ...(world.env as Record<string, string>), WEBHOOK_TOKEN_SECRET: tokenSecret });
  });
  afterAll(async () => {
    await api?.close();
    await world?.close();
  });

  async function hook(): Promise<{ url: string; token: string }> {
    const { text, key } = drawWebhookKey('test', new Date());
    const webhook = webhookRecord({ id: uniqueName('wf'), brand: 'alpha', keys: [key] });
    await createWorkflowWebhooks(world.store).add(webhook);
    const url = `/webhooks/${webhook.id}`;
    const { body } = await api.ask(`${url}/handshake`, { method: 'POST', headers: { authorization: text } });
    return { url, token: (body.data as { sessionToken: string }).sessionToken };
  }

  it('R-297 R-303 R-304 a registration starts one run of a rule, however often it is reported, and is the customer', async () => {
    const email = { field: 'customer.email', operator: 'eq', value: 'ana@example.com' } as const;
    const type = { field: 'event.eventType', operator: 'eq', value: 'user.registered' } as const;
    const rule = await world.rule({
      trigger_event: 'customer.registered',
      brand: 'alpha',
      conditions: { match: 'all', rules: [email, type] },
    });
    const ingress = await world.startIngress();
    await world.rulesLive(ingress);
    const { url, token } = await hook();
    const event = registration({ tradingAccounts: [{ platform: 'MT5', login: 1234567 }] });
    const headers = { 'x-session-token': token, 'idempotency-key': uniqueName('key') };
    for (let n = 0; n < 3; n += 1) {
      expect(bare(await api.ask(url, { method: 'POST', body: event, headers }))).toEqual(received);
      // As a process that died before it could note that the event is published.
      const publications = world.store.collection('webhook_publications');
      await until('it is noted', async () => (await publications.deleteMany({})).deletedCount > 0);
    }
    await until('the run is there', async () => (await world.records()).length > 0);
    await world.drained();
    const records = await world.records();
    expect(records.map(({ rule_id, brand, customer_id, login }) => ({ rule_id, brand, customer_id, login }))).toEqual([
      { rule_id: rule, brand: 'alpha', customer_id: event.customerId, login: 1234567 },
    ]);
    expect(await world.temporal.workflow.getHandle(records[0]!.run_id).describe()).toMatchObject({
      type: 'runRule',
    });
    const customer = await world.directory.customer(event.customerId);
    expect(customer).toMatchObject({
      id: event.customerId,
      email: 'ana@example.com',
      firstName: 'Ana',
      lastName: 'Silva',
    });
    for (const member of ['eventType', 'customerId', 'occurredAt']) expect(customer).not.toHaveProperty(member);
    expect((await world.records()).length).toBe(1);
    await world.reset();
  });

  it('R-302 a rule sees the time at the broker', async () => {
    await world.rule({
      trigger_event: 'reward.redeemed',
      conditions: {
        match: 'all',
        rules: [{ field: 'event.occurredAt', operator: 'eq', value: '2020-01-02T03:04:05.678Z' }],
      },
    });
    const ingress = await world.startIngress();
    await world.rulesLive(ingress);
    const { url, token } = await hook();
    const event = registration({ eventType: 'reward.redeemed', occurredAt: '2020-01-02T03:04:05.678Z' });
    const headers = { 'x-session-token': token };
    expect(bare(await api.ask(url, { method: 'POST', body: event, headers }))).toEqual(received);
    const ofEvent = async () => (await world.records()).filter(({ customer_id }) => customer_id === event.customerId);
    await until('the run is there', async () => (await ofEvent()).length === 1);
    await world.reset();
  });
});

describe('R-298 while the store is away', () => {
  let world: ReportingWorld;
  let store: TcpProxy;
  let hook: MadeWebhook;
  let api: TestApi;
  beforeAll(async () => {
    world = await ReportingWorld.create();
    const uri = new URL(world.env.MONGODB_URI!);
    store = await startTcpProxy(uri.host);
    uri.host = store.address;
    hook = await world.made();
    api = await world.startApi({ MONGODB_URI: uri.href });
  });
  afterAll(async () => {
    await world?.close();
    await store?.close();
  });

  it('nothing is acknowledged, and the same report is taken once it is back', async () => {
    const token = await world.token(hook, api);
    const event = registration();
    const send = () => world.report(hook.id, token, event, {}, api);
    await store.cut();
    for (const answer of [await send(), await send(), await world.handshake(hook.id, { 'x-api-key': hook.key }, api)]) {
      expect(bare(answer)).toEqual({
        status: 503,
        body: { success: false, error: { code: 'unavailable', message: expect.any(String) } },
      });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answer.body.error!.message).not.toContain('127.0.0.1');
    }
    expect(await world.publishedOf(event.customerId)).toEqual([]);
    await store.restore();
    await until('the report is taken', async () => (await send()).status === 200);
    expect(new Set((await world.publishedOf(event.customerId)).map(({ id }) => id)).size).toBe(1);
  });
});

describe('R-298 while Kafka is away', () => {
  let broker: TestBroker;
  let world: ReportingWorld;
  let hook: MadeWebhook;
  beforeAll(async () => {
    broker = await startKafkaBroker();
    world = await ReportingWorld.create({ KAFKA_BROKERS: broker.address });
    hook = await world.made();
  });
  afterAll(async () => {
    await world?.close();
    await broker?.close();
  });

  it('nothing is acknowledged, and the same report is published once it is back, as one event', async () => {
    const token = await world.token(hook);
    expect(await world.report(hook.id, token, registration())).toMatchObject({ status: 200 });
    await broker.kill();
    const event = registration();
    const key = { 'idempotency-key': uniqueName('key') };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        world.report(hook.id, token, n < 2 ? event : registration(), n < 2 ? key : {}),
      ),
    );
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    await broker.start();
    await until('the report is taken', async () => (await world.report(hook.id, token, event, key)).status === 200);
    let published: CrmEnvelope[] = [];
    // A broker that has just started takes its time for a new group.
    await until('the topic can be read', async () => {
      published = await world.publishedOf(event.customerId).catch(() => []);
      return published.length > 0;
    });
    expect(new Set(published.map(({ id }) => id)).size).toBe(1);
  });
});

it('nothing is acknowledged where the topic is not there', async () => {
  const world = await ReportingWorld.create();
  const hook = await world.made();
  const api = await world.startApi({
    KAFKA_TOPIC_PREFIX: `${uniqueName('none')}.`,
    KAFKA_BROKERS: servers().kafka.join(),
  });
  const answer = await world.report(hook.id, await world.token(hook, api), registration(), {}, api);
  expect(answer).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
  await world.close();
});
