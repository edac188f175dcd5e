/** What one caller costs: neither somebody without a session nor one who may only read keeps others from being answered. */
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sessionToken, startTestApi, type Answer, type TestApi } from '../../support/api.ts';
import { databaseUri, uniqueName } from '../../support/servers.ts';

const budgetMs = 2_000;
const requestMs = 3_000;
const connections = 5;
const uri = databaseUri(uniqueName('load'));
let api: TestApi;
/** With limits that a test reaches. */
let strict: TestApi;
beforeAll(async () => {
  api = await startTestApi({ MONGODB_URI: uri, API_COMPUTE_MS: String(budgetMs) });
  strict = await startTestApi({
    MONGODB_URI: uri,
    API_CONNECTIONS_WITHOUT_SESSION: String(connections),
    API_HEADERS_MS: '1000',
    API_REQUEST_MS: String(requestMs),
    WRITES_PER_MINUTE: '3',
    API_MAX_BODY_BYTES: '100000',
    API_BODY_BYTES_PER_MINUTE: '100000',
  });
});
afterAll(async () => {
  await Promise.all([api?.close(), strict?.close()]);
});

const event = (note: string) => ({ id: uniqueName('e'), type: 'customer.deposited', brand: 'oak', data: { note } });
/** a and b in no order, so that a pattern has to remember all that it has seen. */
function disorder(length: number): string {
  let state = 1;
  const draw = (): string => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state < 1_073_741_824 ? 'ac' : 'bc';
  };
  return Array.from({ length: length / 2 }, draw).join('');
}

/** Each pattern takes a tenth of a second. */
const dear = {
  event: event(disorder(8_000)),
  rule: {
    name: 'Dear',
    brand: 'oak',
    trigger_event: 'customer.deposited',
    conditions: {
      match: 'any',
      rules: Array.from({ length: 200 }, (_, at) => ({
        field: 'event.note',
        operator: 'regex',
        value: `[^d]*a[^d]{${100 + at}}[^abc]`,
      })),
    },
    actions: [{ type: 'add_note', params: { body: 'x' } }],
  },
};
const cheap = { ...dear, event: event('short'), rule: undefined };
const ask = (sub: string, body: object): Promise<Answer> =>
  api.as('SESSION_DEALER', '/api/workflow/what-if', { method: 'POST', body }, { sub });

describe('a request that takes long to compute', () => {
  it('is ended, and holds up neither health checks nor what others ask', async () => {
    const pending = new Set(['mallory', 'mallory', 'mallory'].map((sub) => ask(sub, dear)));
    const costly = Promise.all(pending);
    for (const one of pending) void one.finally(() => pending.delete(one));
    const waits: number[] = [];
    while (pending.size > 0) {
      const start = performance.now();
      expect((await fetch(`${api.url}/health/live`)).status).toBe(200);
      expect((await ask('alice', cheap)).status).toBe(200);
      waits.push(performance.now() - start);
      await setTimeout(20);
    }
    for (const { status, body } of await costly) {
      expect(status).toBe(422);
      expect(body.error).toMatchObject({ code: 'too_costly' });
    }
    expect(Math.max(...waits.slice(1))).toBeLessThan(budgetMs);
    expect(waits.length).toBeGreaterThan(10);
    expect((await ask('mallory', cheap)).status).toBe(200);
  });

  it('is refused where too many of the same user wait, and only there', async () => {
    const small = await startTestApi({ MONGODB_URI: uri, API_COMPUTE_MS: '500', API_COMPUTE_PER_USER: '2' });
    const asked = (sub: string, body: object) =>
      small.as('SESSION_DEALER', '/api/workflow/what-if', { method: 'POST', body }, { sub });
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => asked('mallory', dear)),
      asked('alice', cheap),
    ]);
    await small.close();
    const statuses = answers.map(({ status }) => status);
    expect(statuses.at(-1)).toBe(200);
    expect(statuses.slice(0, -1)).toContain(429);
    expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('1');
  });
});

interface Talk {
  socket: Socket;
  /** What has been answered so far. */
  heard: () => string;
  closed: Promise<void>;
}

/** Sends a request whose body never comes to its end. */
function halfSent(to: TestApi, authorization: string | null, path = '/api/workflow/what-if'): Talk {
  const { hostname, port } = new URL(to.url);
  const socket = connect(Number(port), hostname);
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const headers = ['Host: test', 'Content-Type: application/json', 'Content-Length: 90000'];
  if (authorization !== null) headers.push(`Authorization: ${authorization}`);
  socket.write(`POST ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n{"event":`);
  return { socket, heard: () => heard, closed };
}

const bearer = async (sub: string): Promise<string> => `Bearer ${await sessionToken('SESSION_DEALER', { sub })}`;
/** @returns the status of the answer, once there is one */
async function statusOf({ heard }: Talk): Promise<string | undefined> {
  await vi.waitFor(() => expect(heard()).toContain(' '), { timeout: 30_000 });
  return heard().split(' ')[1];
}

describe('a request that is half sent', () => {
  it.each([
    ['no session', null],
    ['a wrong session', 'Bearer nonsense'],
  ])('is answered without its body where there is %s, and then ended', async (_, authorization) => {
    const talk = halfSent(api, authorization);
    expect(await statusOf(talk)).toBe('401');
    await talk.closed;
  });

  it('is not read either where the address is of nothing', async () => {
    const talk = halfSent(api, null, '/somewhere');
    expect(await statusOf(talk)).toBe('404');
    talk.socket.destroy();
  });

  it('is ended when its time is over, also with a session', async () => {
    const talk = halfSent(strict, await bearer('slow'));
    await talk.closed;
    expect(talk.heard()).toContain('408');
  });

  it('is refused without its body when its user has asked too often', async () => {
    const asked = () =>
      strict.as('SESSION_DEALER', '/api/workflow/what-if', { method: 'POST', body: {} }, { sub: 'o' });
    for (let time = 0; time < 3; time += 1) expect((await asked()).status).toBe(422);
    const talk = halfSent(strict, await bearer('o'));
    expect(await statusOf(talk)).toBe('429');
    expect(talk.heard()).toContain('too_many_requests');
    await talk.closed;
  });

  it('keeps nobody out: of too many without a session the oldest is closed', async () => {
    const { hostname, port } = new URL(strict.url);
    const open = Array.from({ length: connections * 4 }, () => connect(Number(port), hostname));
    const closed: Socket[] = [];
    for (const socket of open) socket.on('error', () => undefined).once('close', () => closed.push(socket));
    await expect.poll(() => closed.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(connections * 3);
    expect((await strict.as('SESSION_DEALER', '/api/workflow/rules', {}, { sub: 'alice' })).status).toBe(200);
    for (const socket of open) socket.destroy();
  });
});

it('bytes of bodies are counted for each user before they are read', async () => {
  const body = JSON.stringify({ event: event('x'.repeat(60_000)) });
  const send = (sub: string) => strict.as('SESSION_DEALER', '/api/workflow/what-if', { method: 'POST', body }, { sub });
  expect((await send('big')).status).toBe(200);
  const refused = await send('big');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await send('another')).status).toBe(200);
});

it('every answer tells browsers to guess nothing and to show it in no other page', async () => {
  for (const path of ['/api/workflow/rules', '/nowhere', '/docs', '/openapi.json', '/health/live', '/metrics']) {
    const { headers } = await fetch(`${api.url}${path}`);
    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'");
  }
});
