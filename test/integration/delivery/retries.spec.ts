/** Events that could not be delivered at once: tried again by a real delivery process, against real receivers. */
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StoredSubscription } from '#libs/domain/subscriptions/subscription.ts';
import { deliveryWorkflowId } from '#temporal/contract/delivery.ts';
import { until } from '../../support/ingress.ts';
import { startReceiver, startTcpReceiver, type ReceivedRequest, type Receiver } from '../../support/receiver.ts';
import { WaitingEvents } from '../../support/waiting-events.ts';

type Answer = (request: ReceivedRequest, response: ServerResponse, number: number) => void;

const hour = 3_600_000;
const ago = (hours: number): string => new Date(Date.now() - hours * hour).toISOString();
const respond =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(status, headers).end();

let waiting: WaitingEvents;
let receivers: Receiver[] = [];

beforeAll(async () => {
  waiting = await WaitingEvents.create();
  await waiting.world.start({ SUBSCRIPTION_ATTEMPT_MS: '2000', SUBSCRIPTION_POLL_MS: '200' });
});
afterAll(() => waiting.close());
afterEach(async () => {
  await Promise.all(receivers.map((receiver) => receiver.close()));
  receivers = [];
});

async function receive(answer: Answer): Promise<Receiver> {
  let number = 0;
  const receiver = await startReceiver((request, response) => answer(request, response, (number += 1)));
  receivers.push(receiver);
  return receiver;
}

/** Oldest first. */
const received = ({ requests }: Receiver): string[] => requests.map(({ headers }) => String(headers['webhook-id']));
const stored = async ({ subscription_id }: StoredSubscription): Promise<StoredSubscription> =>
  (await waiting.subscriptions.get(subscription_id))!;
const requests = (receiver: Receiver, count: number) =>
  until(`${count} requests have come`, () => receiver.requests.length >= count);

describe('events that wait', () => {
  it('come in the order of their run, and none before the one that fails', async () => {
    const receiver = await receive(
      (_request, response, number) => void response.writeHead(number < 3 ? 500 : 204).end(),
    );
    const subscription = await waiting.subscribe({ url: receiver.url });
    const events = await waiting.keep(1);
    const begun = Date.now();
    const key = await waiting.queue(subscription, events);
    await requests(receiver, 1);
    const failed = await waiting.untilQueue(key, 'the first has failed', ({ events }) => events[0]?.attempts === 1);
    expect(failed.events).toHaveLength(events.length);
    expect(Date.parse(failed.next_at!)).toBeGreaterThan(begun + 2000);
    // By its own time.
    await requests(receiver, 2);
    await waiting.untilQueue(key, 'it has failed again', ({ events }) => events[0]?.attempts === 2);
    await waiting.tryNow(key);
    await waiting.untilEmpty(key);
    const [first = '', ...others] = events.map(({ eventId }) => eventId);
    expect(received(receiver)).toEqual([first, first, first, ...others]);
    const attempts = await waiting.attemptsAt(subscription);
    expect(attempts.map(({ number, outcome, status }) => [number, outcome, status])).toEqual([
      [1, 'failed', 500],
      [2, 'failed', 500],
      [3, 'delivered', 204],
      ...others.map(() => [1, 'delivered', 204]),
    ]);
    expect(attempts[0]?.next_at).toBe(failed.next_at);
    await waiting.untilEnded(key);
  });

  it('are the same to the byte on every attempt, with the time of the attempt', async () => {
    const receiver = await receive(
      (_request, response, number) => void response.writeHead(number === 1 ? 503 : 200).end(),
    );
    const subscription = await waiting.subscribe({ url: receiver.url });
    const [event] = await waiting.keep();
    const key = await waiting.queue(subscription, [event!]);
    await waiting.untilEmpty(key);
    const [one, other] = receiver.requests;
    expect(one?.body).toBe(event?.text);
    expect(other?.body).toBe(event?.text);
    expect(other?.headers['webhook-id']).toBe(one?.headers['webhook-id']);
    expect(Number(other?.headers['webhook-timestamp'])).toBeGreaterThan(Number(one?.headers['webhook-timestamp']));
    expect(other?.headers['webhook-signature']).not.toBe(one?.headers['webhook-signature']);
  });

  it('of one run wait for no event of another', async () => {
    const runs = [await waiting.keep(), await waiting.keep()];
    const [stuck, going] = runs.map((events) => events[0]!.executionId);
    const receiver = await receive(
      ({ body }, response) => void response.writeHead(body.includes(stuck!) ? 500 : 200).end(),
    );
    const subscription = await waiting.subscribe({ url: receiver.url });
    const keys = await Promise.all(runs.map((events) => waiting.queue(subscription, events)));
    await waiting.untilEmpty(keys.find(({ execution_id }) => execution_id === going)!);
    const left = await waiting.pending.get(keys.find(({ execution_id }) => execution_id === stuck)!);
    expect(left?.events).toHaveLength(2);
  });

  it('are taken off the queue without being sent when the subscription is for others by then', async () => {
    const receiver = await receive(respond(200));
    const subscription = await waiting.subscribe({ url: receiver.url, types: ['WorkflowCompleted'] });
    const events = await waiting.keep(1);
    const key = await waiting.queue(subscription, events);
    await waiting.untilEmpty(key);
    expect(received(receiver)).toEqual([events.at(-1)!.eventId]);
  });

  it('that are no longer kept are recorded as lost, and those behind them are sent', async () => {
    const receiver = await receive(respond(200));
    const subscription = await waiting.subscribe({ url: receiver.url });
    const events = await waiting.keep();
    const gone = { ...events[0]!, eventId: 'forgotten' };
    const key = await waiting.queue(subscription, [gone, events[1]!]);
    await waiting.untilEmpty(key);
    expect(received(receiver)).toEqual([events[1]!.eventId]);
    expect(await waiting.attemptsAt(subscription)).toMatchObject([
      {
        event_id: 'forgotten',
        outcome: 'failed',
        status: null,
        error: expect.stringContaining('no longer kept'),
        next_at: null,
      },
      { event_id: events[1]!.eventId, outcome: 'delivered' },
    ]);
  });

  it('are given up after the hours they are tried for, and those behind them are sent', async () => {
    const events = await waiting.keep();
    const receiver = await receive(
      ({ headers }, response) =>
        void response.writeHead(headers['webhook-id'] === events[0]!.eventId ? 500 : 200).end(),
    );
    const subscription = await waiting.subscribe({ url: receiver.url });
    const key = await waiting.queue(subscription, events, { since: ago(73), attempts: 11 });
    await waiting.untilEmpty(key);
    expect(received(receiver)).toEqual(events.map(({ eventId }) => eventId));
    expect(await waiting.attemptsAt(subscription)).toMatchObject([
      { number: 12, outcome: 'failed', next_at: null },
      { number: 12, outcome: 'delivered', next_at: null },
    ]);
  });

  it('are tried for their hours anew once their subscription was changed', async () => {
    const receiver = await receive(respond(500));
    const subscription = await waiting.subscribe({ url: receiver.url, updated_at: ago(1) });
    const key = await waiting.queue(subscription, await waiting.keep(), { since: ago(100) });
    const queue = await waiting.untilQueue(key, 'the attempt has failed', ({ events }) => events[0]?.attempts === 1);
    expect(queue.events).toHaveLength(2);
  });
});

describe('a receiver that asks to be left alone', () => {
  it('is, and other subscriptions go on', async () => {
    const busy = await receive(
      (_request, response, number) =>
        // A busy machine takes seconds for what has to happen meanwhile.
        void (number === 1 ? response.writeHead(429, { 'retry-after': '15' }) : response.writeHead(200)).end(),
    );
    const other = await receive(respond(200));
    const subscription = await waiting.subscribe({ url: busy.url });
    const calm = await waiting.subscribe({ url: other.url });
    const begun = Date.now();
    const key = await waiting.queue(subscription, await waiting.keep());
    await requests(busy, 1);
    await until('it rests', async () => (await stored(subscription)).not_before !== null);
    const rest = Date.parse((await stored(subscription)).not_before!);
    expect(rest).toBeGreaterThan(begun + 10_000);
    // What waits for another run of it rests as well, and makes no attempt.
    const second = await waiting.queue(subscription, await waiting.keep());
    const postponed = await waiting.untilQueue(
      second,
      'it is postponed',
      ({ next_at }) => Date.parse(next_at!) >= rest,
    );
    expect(postponed.events[0]?.attempts).toBe(0);
    await waiting.untilEmpty(await waiting.queue(calm, await waiting.keep()));
    expect(busy.requests).toHaveLength(1);
    await Promise.all([waiting.untilEmpty(key), waiting.untilEmpty(second)]);
    expect((await waiting.attemptsAt(subscription)).filter(({ outcome }) => outcome === 'failed')).toHaveLength(1);
  });

  it('is left alone for good when it says that it is gone, and its events wait', async () => {
    const receiver = await receive(
      (_request, response, number) => void response.writeHead(number === 1 ? 410 : 200).end(),
    );
    const subscription = await waiting.subscribe({ url: receiver.url });
    const events = await waiting.keep();
    const key = await waiting.queue(subscription, events);
    await until('it is disabled', async () => (await stored(subscription)).status === 'disabled');
    await waiting.untilQueue(key, 'the queue waits', ({ next_at }) => next_at === null);
    expect(await stored(subscription)).toMatchObject({ disabled_reason: 'gone' });
    expect(await waiting.attemptsAt(subscription)).toMatchObject([{ status: 410, next_at: null }]);
    await waiting.untilEnded(key);
    await waiting.edit(subscription, { status: 'active', disabled_reason: null });
    await waiting.untilEmpty(key);
    expect(received(receiver)).toEqual([events[0], ...events].map((event) => event!.eventId));
  });
});

describe('a subscription in the middle of a retry', () => {
  it('that is paused is sent nothing, and everything in order once it is back', async () => {
    const receiver = await receive(
      (_request, response, number) => void response.writeHead(number === 1 ? 500 : 200).end(),
    );
    const subscription = await waiting.subscribe({ url: receiver.url });
    const events = await waiting.keep(1);
    const key = await waiting.queue(subscription, events);
    await waiting.untilQueue(key, 'the first has failed', ({ events }) => events[0]?.attempts === 1);
    await waiting.edit(subscription, { status: 'paused' });
    await waiting.untilQueue(key, 'the queue waits for it', ({ next_at }) => next_at === null);
    await waiting.untilEnded(key);
    expect(receiver.requests).toHaveLength(1);
    await waiting.edit(subscription, { status: 'active' });
    await waiting.untilEmpty(key);
    expect(received(receiver)).toEqual([events[0], ...events].map((event) => event!.eventId));
  });

  it('that is deleted is sent nothing more, and nothing is left of it', async () => {
    const receiver = await receive(respond(500));
    const subscription = await waiting.subscribe({ url: receiver.url });
    const keys = [await waiting.queue(subscription, await waiting.keep())];
    await requests(receiver, 1);
    keys.push(await waiting.queue(subscription, await waiting.keep(), {}, new Date(Date.now() + hour).toISOString()));
    await waiting.untilQueue(keys[0]!, 'the first has failed', ({ events }) => events[0]?.attempts === 1);
    // Seen by the process once.
    await until('its change is seen', async () => (await stored(subscription)).failures === 1);
    await waiting.subscriptions.remove(subscription.subscription_id);
    for (const key of keys) await waiting.untilEmpty(key);
    expect(receiver.requests).toHaveLength(1);
  });

  it('is sent the next attempt as it is by then', async () => {
    const [before, after] = [await receive(respond(500)), await receive(respond(200))];
    const subscription = await waiting.subscribe({ url: before.url });
    const [event] = await waiting.keep();
    const key = await waiting.queue(subscription, [event!]);
    await waiting.untilQueue(key, 'the first has failed', ({ events }) => events[0]?.attempts === 1);
    const secrets = [{ ...subscription.secrets[0]!, secret: `whsec_${Buffer.alloc(32, 9).toString('base64')}` }];
    await waiting.edit(subscription, { url: after.url, format: 'plain', secrets });
    await waiting.untilEmpty(key);
    expect(before.requests).toHaveLength(1);
    const { data, time, type } = JSON.parse(event!.text) as Record<string, unknown>;
    expect(JSON.parse(after.requests[0]!.body)).toEqual({ type, timestamp: time, data });
    expect(after.requests[0]!.headers['webhook-id']).toBe(event!.eventId);
  });
});

describe('a wake-up', () => {
  it('during an attempt makes no second one', async () => {
    let release = (): void => undefined;
    const receiver = await receive((_request, response) => {
      release = () => void response.writeHead(200).end();
    });
    const subscription = await waiting.subscribe({ url: receiver.url });
    const [event] = await waiting.keep();
    const key = await waiting.queue(subscription, [event!]);
    await requests(receiver, 1);
    for (let times = 0; times < 5; times += 1) await waiting.wake(key);
    release();
    await waiting.untilEmpty(key);
    await waiting.untilEnded(key);
    expect(received(receiver)).toEqual([event!.eventId]);
  });

  it('comes to no queue that the process is at', async () => {
    // The second attempt begins by its own time, and lasts until it is given up.
    const receiver = await receive((_request, response, number) => {
      if (number === 1) response.writeHead(500).end();
    });
    const subscription = await waiting.subscribe({ url: receiver.url });
    const key = await waiting.queue(subscription, [(await waiting.keep())[0]!]);
    await waiting.untilQueue(key, 'it has failed twice', ({ events }) => events[0]?.attempts === 2);
    const history = await waiting.temporal.workflow.getHandle(deliveryWorkflowId(key)).fetchHistory();
    const signals = history.events?.filter(({ workflowExecutionSignaledEventAttributes: signal }) => signal);
    expect(signals).toHaveLength(1);
  });

  it('comes within two seconds to what a person wants tried now', async () => {
    const receiver = await receive(
      (_request, response, number) => void response.writeHead(number === 1 ? 500 : 200).end(),
    );
    const subscription = await waiting.subscribe({ url: receiver.url });
    const key = await waiting.queue(subscription, [(await waiting.keep())[0]!], { attempts: 8 });
    const queue = await waiting.untilQueue(key, 'it has failed', ({ events }) => events[0]?.attempts === 9);
    expect(Date.parse(queue.next_at!)).toBeGreaterThan(Date.now() + hour);
    const asked = Date.now();
    await waiting.tryNow(key);
    await requests(receiver, 2);
    // With room for a busy machine.
    expect(Date.now() - asked).toBeLessThan(5000);
    await waiting.untilEmpty(key);
  });

  it('for an event that is put before the others meanwhile finds it', async () => {
    const events = await waiting.keep();
    let release = (): void => undefined;
    const receiver = await receive((_request, response, number) => {
      if (number > 1) response.writeHead(200).end();
      else release = () => void response.writeHead(500).end();
    });
    const subscription = await waiting.subscribe({ url: receiver.url });
    const key = await waiting.queue(subscription, [events[1]!]);
    await requests(receiver, 1);
    await waiting.queue(subscription, [events[0]!]);
    await waiting.wake(key);
    release();
    await waiting.untilEmpty(key);
    expect(received(receiver)).toEqual([events[1], ...events].map((event) => event!.eventId));
  });
});

describe('a receiver of ill will', () => {
  const headers = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n';

  async function attemptAt(receiver: Receiver) {
    receivers.push(receiver);
    const subscription = await waiting.subscribe({ url: receiver.url });
    await waiting.queue(subscription, [(await waiting.keep())[0]!]);
    await until('an attempt was made', async () => (await waiting.attemptsAt(subscription)).length > 0);
    return (await waiting.attemptsAt(subscription))[0]!;
  }

  it('that answers a byte a second is left after the time of an attempt', async () => {
    const timers: NodeJS.Timeout[] = [];
    const receiver = await startTcpReceiver((socket) => {
      socket.once('data', () => {
        socket.write(`${headers}content-length: 1000\r\n\r\n`);
        timers.push(setInterval(() => socket.write('x'), 1000));
      });
    });
    const attempt = await attemptAt(receiver);
    for (const timer of timers) clearInterval(timer);
    expect(attempt).toMatchObject({ outcome: 'failed', status: null, number: 1 });
    expect(attempt.duration_ms).toBeLessThan(5000);
  });

  it('that never ends its headers is left after the time of an attempt', async () => {
    const timers: NodeJS.Timeout[] = [];
    const receiver = await startTcpReceiver((socket) => {
      socket.once('data', () => {
        socket.write(headers);
        timers.push(setInterval(() => socket.write('x-more: 1\r\n'), 100));
      });
    });
    const attempt = await attemptAt(receiver);
    for (const timer of timers) clearInterval(timer);
    expect(attempt).toMatchObject({ outcome: 'failed', status: null });
    expect(attempt.duration_ms).toBeLessThan(5000);
  });

  it('that sends 100 MB back is read to a small part', async () => {
    let sent = 0;
    const receiver = await startTcpReceiver((socket) => {
      const piece = Buffer.alloc(65_536, 'x');
      const pump = (): void => {
        while (sent < 100_000_000 && !socket.destroyed && socket.write(piece)) sent += piece.length;
      };
      socket.once('data', () => {
        socket.write(`${headers}content-length: 100000000\r\n\r\n`);
        socket.on('drain', pump);
        pump();
      });
    });
    const attempt = await attemptAt(receiver);
    expect(attempt.outcome).toBe('delivered');
    expect(attempt.excerpt.length).toBeLessThanOrEqual(200);
    expect(sent).toBeLessThan(50_000_000);
  });
});
