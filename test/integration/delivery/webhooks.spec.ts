/** Lifecycle events to webhook subscriptions: on the real Kafka, store and Temporal, to receivers over real sockets. */
import { HTTP } from 'cloudevents';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DeliveryAttempt } from '#libs/domain/subscriptions/delivery.ts';
import type { StoredSubscription } from '#libs/domain/subscriptions/subscription.ts';
import { toCloudEvent } from '#libs/lifecycle/publisher.ts';
import { eventsOf } from '../../support/delivery.ts';
import { until } from '../../support/ingress.ts';
import { startReceiver, startTcpReceiver, type ReceivedRequest, type Receiver } from '../../support/receiver.ts';
import { uniqueName } from '../../support/servers.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { WebhookWorld } from '../../support/webhooks.ts';

let world: WebhookWorld;
beforeAll(async () => {
  world = await WebhookWorld.create();
});
afterAll(() => world.close());

const receivers: Receiver[] = [];
afterEach(async () => {
  await world.stop();
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
});

type Answer = Parameters<typeof startReceiver>[0];
const ok: Answer = (_, response) => void response.end('thanks');

async function receive(answer: Answer = ok): Promise<Receiver> {
  const receiver = await startReceiver(answer);
  receivers.push(receiver);
  return receiver;
}

/** What came, in the order in which it came. */
const ids = ({ requests }: Receiver): unknown[] => requests.map(({ headers }) => headers['webhook-id']);
const events = (executionId: string, pauses = 0, more = {}) =>
  eventsOf(executionId, pauses, more).map((draft) => toCloudEvent(draft));
const idsOf = (executionId: string, pauses = 0): string[] => events(executionId, pauses).map(({ id }) => id);

/** The events of these runs, one by one, each run's in their order. */
async function publishInTurn(runs: readonly string[]): Promise<void> {
  const drafts = runs.map((run) => eventsOf(run, 1));
  for (const index of drafts[0]!.keys()) {
    for (const events of drafts) {
      await world.publisher.publish([events[index]!]);
      await sleep(5);
    }
  }
}

const untilAllCame = (receiver: Receiver, runs: readonly string[]) =>
  until('all have come', () => new Set(ids(receiver)).size === 4 * runs.length);

/** By when each came first. */
function expectInOrder(receiver: Receiver, runs: readonly string[]): void {
  const came = [...new Set(ids(receiver))];
  for (const run of runs) {
    const own = idsOf(run, 1);
    expect(came.filter((id) => own.includes(String(id)))).toEqual(own);
  }
}

async function attemptsAt({ subscription_id }: StoredSubscription): Promise<DeliveryAttempt[]> {
  return (await world.attempts.list({ subscription_id }, { limit: 500 })).items;
}

describe('a webhook subscription', () => {
  it.each([
    {
      format: 'cloudevents' as const,
      read: (headers: object, body: string): unknown => HTTP.toEvent({ headers: { ...headers }, body }),
      expected: (event: object): object => event,
    },
    {
      format: 'cloudevents-binary' as const,
      read: (headers: object, body: string): unknown => HTTP.toEvent({ headers: { ...headers }, body }),
      expected: (event: object): object => event,
    },
    {
      format: 'plain' as const,
      read: (_: object, body: string): unknown => JSON.parse(body),
      expected: ({ type, time, data }: ReturnType<typeof toCloudEvent>): object => ({ type, timestamp: time, data }),
    },
  ])('is sent events in the form $format, signed', async ({ format, read, expected }) => {
    const drafts = eventsOf(uniqueName('run'), 1);
    const published = drafts.map((draft) => toCloudEvent(draft));
    const receiver = await receive();
    const secrets = [world.secret(), { ...world.secret(), ends_at: new Date(Date.now() + 60_000).toISOString() }];
    const ended = { ...world.secret(), ends_at: new Date(Date.now() - 1_000).toISOString() };
    await world.subscribe({ format, url: receiver.url, secrets: [...secrets, ended] });
    await world.start();
    await world.publisher.publish(drafts);
    await until('all have come', () => receiver.requests.length === drafts.length);

    for (const [index, { headers, body }] of receiver.requests.entries()) {
      const event = published[index]!;
      const signed = { ...headers } as Record<string, string>;
      expect(signed['webhook-id']).toBe(event.id);
      for (const { secret } of secrets) {
        expect(() => new Webhook(secret).verify(body, signed)).not.toThrow();
        expect(() => new Webhook(secret).verify(`${body} `, signed)).toThrow('signature');
      }
      expect(() => new Webhook(ended.secret).verify(body, signed)).toThrow('signature');
      expect(JSON.parse(JSON.stringify(read(headers, body)))).toEqual(JSON.parse(JSON.stringify(expected(event))));
    }
  });

  it('is sent what its filters let through, and nothing else', async () => {
    const [typed, ruled, branded, all] = [await receive(), await receive(), await receive(), await receive()];
    await world.subscribe({ url: typed.url, types: ['WorkflowCompleted'] });
    await world.subscribe({ url: ruled.url, rule_id: 'vip' });
    await world.subscribe({ url: branded.url, brands: ['beta'] });
    await world.subscribe({ url: all.url });
    await world.start();
    const [a, b, c] = [uniqueName('run'), uniqueName('run'), uniqueName('run')];
    await world.publisher.publish([
      ...eventsOf(a),
      ...eventsOf(b, 0, { processId: 'vip' }),
      ...eventsOf(c, 0, { tenantId: 'beta' }),
    ]);
    await until('all have come', () => all.requests.length === 6 && typed.requests.length === 3);
    const ofRun = (receiver: Receiver): string[] =>
      receiver.requests.map(({ body }) => {
        const { type, subject } = JSON.parse(body) as { type: string; subject: string };
        return `${subject} ${type}`;
      });
    const completed = [a, b, c].map((run) => `${run} WorkflowCompleted`);
    expect(ofRun(typed).sort()).toEqual(completed.sort());
    expect(ofRun(ruled)).toEqual([`${b} WorkflowStarted`, `${b} WorkflowCompleted`]);
    expect(ofRun(branded)).toEqual([`${c} WorkflowStarted`, `${c} WorkflowCompleted`]);
  });

  it('is sent an event that is published the moment it is made', async () => {
    await world.start();
    for (let round = 0; round < 5; round += 1) {
      const receiver = await receive();
      const run = uniqueName('run');
      await world.subscribe({ url: receiver.url });
      await world.publisher.publish(eventsOf(run));
      await until('both have come', () => receiver.requests.length >= 2);
      expect(ids(receiver)).toEqual(idsOf(run));
    }
  });

  it('is sent the events of a pause in their order once it is active again, and keeps up then', async () => {
    const receiver = await receive();
    const subscription = await world.subscribe({ url: receiver.url });
    await world.start();
    const [first, second, third] = [uniqueName('run'), uniqueName('run'), uniqueName('run')];
    await world.publisher.publish(eventsOf(first));
    await until('the first have come', () => receiver.requests.length === 2);

    await world.change(subscription, { status: 'paused' });
    await world.publisher.publish(eventsOf(second, 3));
    await world.kept(eventsOf(second, 3));
    expect(receiver.requests).toHaveLength(2);

    await world.change(subscription, { status: 'active' });
    await world.publisher.publish(eventsOf(third));
    await until('all have come', () => receiver.requests.length >= 12);
    expect(ids(receiver).slice(0, 2)).toEqual(idsOf(first));
    for (const [run, pauses] of [
      [second, 3],
      [third, 0],
    ] as const) {
      expect(ids(receiver).filter((id) => idsOf(run, pauses).includes(String(id)))).toEqual(idsOf(run, pauses));
    }
    expect(receiver.requests).toHaveLength(12);
    await until('it keeps up again', async () => (await world.cursors.all()).length === 0);
  });

  it('is sent the events of a pause although every process ended meanwhile', async () => {
    const receiver = await receive();
    const subscription = await world.subscribe({ url: receiver.url, status: 'paused' });
    const run = uniqueName('run');
    const delivery = await world.start();
    await world.publisher.publish(eventsOf(run, 2));
    await world.kept(eventsOf(run, 2));
    await delivery.close();
    await world.change(subscription, { status: 'active' });
    await world.start();
    await until('all have come', () => receiver.requests.length >= 6);
    expect(ids(receiver)).toEqual(idsOf(run, 2));
  });

  it('holds the later events of a run behind one that fails, and none of another run', async () => {
    const failing = uniqueName('run');
    let isAway = true;
    const receiver = await receive(({ body }, response) => {
      const { subject } = JSON.parse(body) as { subject: string };
      response.statusCode = isAway && subject === failing ? 503 : 200;
      response.end('later');
    });
    const subscription = await world.subscribe({ url: receiver.url });
    await world.start();
    await world.publisher.publish(eventsOf(failing, 2));
    const other = uniqueName('run');
    await world.publisher.publish(eventsOf(other, 2));
    await until(
      'the other run has come',
      () => ids(receiver).filter((id) => idsOf(other, 2).includes(String(id))).length === 6,
    );
    const key = { subscription_id: subscription.subscription_id, execution_id: failing };
    await until('all wait', async () => (await world.pending.get(key))?.events.length === 6);
    expect(ids(receiver).filter((id) => idsOf(failing, 2).includes(String(id)))).toEqual([idsOf(failing, 2)[0]]);
    const { items } = await world.attempts.list({ ...key, outcome: 'failed' }, {});
    expect(items).toMatchObject([{ number: 1, status: 503, excerpt: 'later', error: expect.stringContaining('503') }]);
    isAway = false;
    await world.pending.change(key, (queue) => ({ ...queue, next_at: new Date().toISOString() }));
    await until('none waits', async () => (await world.pending.get(key)) === null);
    const own = ids(receiver).filter((id) => idsOf(failing, 2).includes(String(id)));
    expect(own.slice(1)).toEqual(idsOf(failing, 2));
    const bodies = receiver.requests.filter(({ headers }) => headers['webhook-id'] === own[0]).map(({ body }) => body);
    expect(new Set(bodies).size).toBe(1);
  });

  it('does not wait for one that is slow, or never answers', async () => {
    const [slow, silent, quick] = [
      await receive((_, response) => void setTimeout(() => response.end(), 1_500)),
      await receive(() => undefined),
      await receive(),
    ];
    await world.subscribe({ url: slow.url });
    const { subscription_id } = await world.subscribe({ url: silent.url });
    await world.subscribe({ url: quick.url });
    await world.start({ SUBSCRIPTION_FIRST_ATTEMPT_MS: '60000' });
    const runs = Array.from({ length: 12 }, () => uniqueName('run'));
    for (const [index, run] of runs.entries()) {
      await world.publisher.publish(eventsOf(run));
      await until('the quick one has them', () => quick.requests.length === 2 * (index + 1));
    }
    await until('the slow one has all', () => slow.requests.length >= 24);
    expect(new Set(ids(slow)).size).toBe(24);
    for (const run of runs) expect(ids(slow).filter((id) => idsOf(run).includes(String(id)))).toEqual(idsOf(run));
    // It still has the first of them.
    expect(silent.requests.length).toBeGreaterThan(0);
    expect((await world.attempts.list({ subscription_id }, {})).items).toEqual([]);
  });

  it('follows no redirect, and reads no answer without end', async () => {
    const target = await receive();
    const [redirecting, endless] = [
      await receive((_, response) => void response.writeHead(302, { location: target.url }).end()),
      await startTcpReceiver((socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n');
        const timer = setInterval(() => socket.write('x'.repeat(65_536)), 1);
        socket.on('close', () => clearInterval(timer));
      }),
    ];
    receivers.push(endless);
    const redirected = await world.subscribe({ url: redirecting.url });
    const flooded = await world.subscribe({ url: endless.url });
    await world.start();
    const run = uniqueName('run');
    await world.publisher.publish(eventsOf(run).slice(0, 1));
    const attemptsOf = async ({ subscription_id }: StoredSubscription) =>
      (await world.attempts.list({ subscription_id }, {})).items;
    await until(
      'both were tried',
      async () => (await attemptsOf(redirected)).length + (await attemptsOf(flooded)).length === 2,
    );
    expect(await attemptsOf(redirected)).toMatchObject([{ outcome: 'failed', status: 302 }]);
    expect(await attemptsOf(flooded)).toMatchObject([{ outcome: 'delivered', status: 200 }]);
    expect((await attemptsOf(flooded))[0]!.excerpt.length).toBeLessThan(300);
    expect(target.requests).toEqual([]);
  });

  it('is sent nothing at an address that may not be reached', async () => {
    const receiver = await receive();
    const subscription = await world.subscribe({ url: receiver.url });
    await world.start({ WEBHOOK_ALLOWED_NETWORKS: '' });
    await world.publisher.publish(eventsOf(uniqueName('run')).slice(0, 1));
    const { subscription_id } = subscription;
    await until('it was tried', async () => (await world.attempts.list({ subscription_id }, {})).items.length === 1);
    const { items } = await world.attempts.list({ subscription_id }, {});
    expect(items[0]).toMatchObject({
      outcome: 'failed',
      status: null,
      error: expect.stringContaining('WEBHOOK_ALLOWED_NETWORKS'),
    });
    expect(receiver.connections).toBe(0);
  });

  it('is sent a range again from a cursor, and what it has not taken of another', async () => {
    const [wanting, other] = [await receive(), await receive()];
    const subscription = await world.subscribe({ url: wanting.url });
    await world.subscribe({ url: other.url });
    await world.start();
    const run = uniqueName('run');
    await world.publisher.publish(eventsOf(run, 1));
    await until('both have all', () => wanting.requests.length === 4 && other.requests.length === 4);
    const [first] = await world.log.ofRun(run, 0, 1);
    const { topicId: topic_id, partition, offset: next } = first!;
    const redelivery = { subscription_id: subscription.subscription_id, topic_id, partition, next, until: next + 3 };
    const made = { ...redelivery, redelivery_id: 'again', owner: null };
    await world.cursors.add([
      { ...made, cursor_id: `${redelivery.subscription_id}/again/${partition}`, only_failed: false },
    ]);
    await until('three have come again', () => wanting.requests.length === 7);
    expect(ids(wanting).slice(4)).toEqual(idsOf(run, 1).slice(0, 3));
    await until('the cursor is gone', async () => (await world.cursors.all()).length === 0);
    await world.cursors.add([
      { ...made, cursor_id: `${redelivery.subscription_id}/failed/${partition}`, only_failed: true },
    ]);
    await until('the cursor is gone', async () => (await world.cursors.all()).length === 0);
    expect([wanting.requests.length, other.requests.length]).toEqual([7, 4]);
  });

  it('is sent each event although processes come and go', async () => {
    const taken = new Map<string, ReceivedRequest[]>();
    const receiver = await receive((request, response) => {
      const { subject } = JSON.parse(request.body) as { subject: string };
      taken.set(subject, [...(taken.get(subject) ?? []), request]);
      setTimeout(() => response.end(), 5);
    });
    await world.subscribe({ url: receiver.url });
    let delivery = await world.start();
    const runs = Array.from({ length: 60 }, () => uniqueName('run'));
    const publishing = (async () => {
      for (const run of runs) {
        await world.publisher.publish(eventsOf(run, 1));
        await sleep(20);
      }
    })();
    for (let round = 0; round < 3; round += 1) {
      const next = await world.start();
      await sleep(300);
      await delivery.close();
      delivery = next;
    }
    await publishing;
    await until('all have come', () => new Set(ids(receiver)).size === 240);
    for (const run of runs) {
      const first = [...new Set(taken.get(run)!.map(({ headers }) => String(headers['webhook-id'])))];
      expect(first).toEqual(idsOf(run, 1));
    }
  });

  it('is sent each event, those of a run in order, while it is paused and resumed again and again', async () => {
    const receiver = await receive((_, response) => void setTimeout(() => response.end(), 10));
    const subscription = await world.subscribe({ url: receiver.url });
    await world.start({ SUBSCRIPTION_POLL_MS: '50' });
    await world.start({ SUBSCRIPTION_POLL_MS: '50' });
    const runs = Array.from({ length: 40 }, () => uniqueName('run'));
    const [first, ...others] = runs;
    await publishInTurn([first!]);
    await untilAllCame(receiver, [first!]);
    const progress = { isPublished: false };
    const publishing = publishInTurn(others).then(() => void (progress.isPublished = true));
    let wasBehind = false;
    while (!progress.isPublished || !wasBehind) {
      for (const status of ['paused', 'active'] as const) {
        await world.change(subscription, { status });
        await sleep(Math.random() * 100);
        wasBehind ||= (await world.cursors.all()).length > 0;
      }
    }
    await publishing;
    await untilAllCame(receiver, runs);
    await until('it keeps up', async () => (await world.cursors.all()).length === 0);
    expectInOrder(receiver, runs);
  });

  it('is sent each event once although the store is away meanwhile', async () => {
    const uri = new URL(world.storeUri);
    const proxy = await startTcpProxy(uri.host);
    uri.host = proxy.address;
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);
    const receiver = await receive((_, response) => void setTimeout(() => response.end(), 10));
    const subscription = await world.subscribe({ url: receiver.url });
    const delivery = await world.start({ MONGODB_URI: uri.href, SUBSCRIPTION_CONCURRENCY: '30' });
    const runs = Array.from({ length: 40 }, () => uniqueName('run'));
    const publishing = publishInTurn(runs);
    await until('some have come', () => receiver.requests.length >= 20);
    await proxy.cut();
    await publishing;
    const { status } = await fetch(`${delivery.url}/health/ready`);
    expect(status).toBe(503);
    await proxy.restore();
    await untilAllCame(receiver, runs);
    expect(receiver.requests).toHaveLength(4 * runs.length);
    expectInOrder(receiver, runs);
    const attempts = async () => (await attemptsAt(subscription)).map(({ outcome }) => outcome);
    await until('each is on record', async () => (await attempts()).length === 4 * runs.length);
    expect(new Set(await attempts())).toEqual(new Set(['delivered']));
    await world.stop();
    await proxy.close();
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });
});
