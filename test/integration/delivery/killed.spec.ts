/** `kill -9` of a delivery process in the middle of an attempt, and a Temporal that is away. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startApp, untilReady } from '../../../scripts/start/app.process.ts';
import { freePort } from '../../../stack/ports.ts';
import { eventsOf } from '../../support/delivery.ts';
import { until } from '../../support/ingress.ts';
import { startReceiver } from '../../support/receiver.ts';
import { servers, uniqueName } from '../../support/servers.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { WaitingEvents } from '../../support/waiting-events.ts';

let waiting: WaitingEvents;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  waiting = await WaitingEvents.create();
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await waiting.close();
});

/** The compiled process, which a test may kill. */
async function startProcess() {
  const stateDir = await mkdtemp(join(tmpdir(), 'signalbox-delivery-'));
  closing.push(() => rm(stateDir, { recursive: true, force: true }));
  const port = await freePort();
  const env = { ...globalThis.process.env, ...waiting.world.env, DELIVERY_PORT: String(port) };
  const app = await startApp('delivery', { stateDir, url: `http://127.0.0.1:${port}` }, env);
  closing.push(() => app.process.kill());
  await untilReady(app, AbortSignal.timeout(120_000));
  return app.process;
}

it('an attempt whose process is killed before the queue is changed is made again under the same id', async () => {
  const doomed = await startProcess();
  let killed: Promise<unknown> | undefined;
  const receiver = await startReceiver((_request, response) => {
    // The receiver has taken it; its answer comes to nobody.
    killed ??= doomed.kill().then(() => response.destroy());
    if (receiver.requests.length > 1) response.writeHead(200).end();
  });
  closing.push(() => receiver.close());
  const subscription = await waiting.subscribe({ url: receiver.url });
  const events = await waiting.keep(1);
  const key = await waiting.queue(subscription, events);
  await until('the process is killed', () => killed !== undefined);
  await killed;
  expect((await waiting.pending.get(key))?.events).toHaveLength(events.length);
  await waiting.world.start();
  await waiting.untilEmpty(key);
  expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual(
    [events[0], ...events].map((event) => event!.eventId),
  );
  const [one, other] = receiver.requests;
  expect(other?.body).toBe(one?.body);
});

it('a process that is told to end lets the attempt under way end and records it', async () => {
  let answer = (): void => undefined;
  const receiver = await startReceiver((_request, response) => {
    answer = () => void response.writeHead(200).end();
  });
  closing.push(() => receiver.close());
  const delivery = await waiting.world.start();
  const subscription = await waiting.subscribe({ url: receiver.url });
  const key = await waiting.queue(subscription, [(await waiting.keep())[0]!]);
  await until('an attempt is under way', () => receiver.requests.length === 1);
  const ended = delivery.close();
  answer();
  await ended;
  expect(await waiting.pending.get(key)).toBeNull();
  expect(await waiting.attemptsAt(subscription)).toMatchObject([{ outcome: 'delivered' }]);
});

it('a process that is told to end gives up an attempt that hangs, and another one makes it again', async () => {
  const receiver = await startReceiver((_request, response) => {
    if (receiver.requests.length > 1) response.writeHead(200).end();
  });
  closing.push(() => receiver.close());
  const delivery = await waiting.world.start({ SHUTDOWN_GRACE_MS: '2000' });
  const subscription = await waiting.subscribe({ url: receiver.url });
  const key = await waiting.queue(subscription, [(await waiting.keep())[0]!]);
  await until('an attempt is under way', () => receiver.requests.length === 1);
  await delivery.close();
  expect(await waiting.attemptsAt(subscription)).toEqual([]);
  await waiting.world.start();
  await waiting.untilEmpty(key);
  await waiting.untilEnded(key);
  expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

it('a process whose Temporal is away is not ready, sends events as they come, and tries what waits once it is there', async () => {
  const proxy = await startTcpProxy(servers().temporal);
  await proxy.cut();
  const delivery = await waiting.world.start({ TEMPORAL_ADDRESS: proxy.address });
  const receiver = await startReceiver((_request, response) => void response.writeHead(200).end());
  closing.push(() => receiver.close());
  const subscription = await waiting.subscribe({ url: receiver.url });
  const key = await waiting.queue(subscription, [(await waiting.keep())[0]!]);
  const ready = async () => {
    const answer = await fetch(`${delivery.url}/health/ready`);
    return { status: answer.status, body: (await answer.json()) as { error: Record<string, unknown> } };
  };
  await until('all but Temporal is there', async () => {
    const { status, body } = await ready();
    return status === 503 && Object.keys(body.error).join() === 'temporal';
  });
  const run = uniqueName('run');
  await waiting.world.publisher.publish(eventsOf(run));
  await until('its events are kept', async () => (await waiting.world.log.ofRun(run, 0, 10)).length === 2);
  await until('they have come', () => receiver.requests.length === 2);

  await proxy.restore();
  closing.push(() => proxy.close());
  await waiting.untilEmpty(key);
  expect(receiver.requests).toHaveLength(3);
  await until('it is ready', async () => (await ready()).status === 200);
  await delivery.close();
});
