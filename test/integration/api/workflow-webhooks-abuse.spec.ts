/** What strangers, and callers who mean no good, can do to the addresses of workflow webhooks. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../../../apps/api/api.app.ts';
import { loadConfig } from '#libs/config/config.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { createMetrics } from '#libs/telemetry/metrics.ts';
import { sessionSecret } from '../../support/api.ts';
import { registration, ReportingWorld, type MadeWebhook } from '../../support/reporting.ts';

let world: ReportingWorld;
let hook: MadeWebhook;
let token: string;
beforeAll(async () => {
  world = await ReportingWorld.create();
  hook = await world.made();
  token = await world.token(hook);
});
afterAll(() => world?.close());

interface Exchange {
  /** Of the answer. */
  status: number;
  text: string;
  /** What could be sent before the connection was closed. */
  sentBytes: number;
}

/** Sends a head, and then as much as is taken, until the connection ends. */
function pour(head: string[], part: () => string | null): Promise<Exchange> {
  const { hostname, port } = new URL(world.api.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    let sentBytes = 0;
    socket.on('data', (bytes) => (text += bytes.toString()));
    // A connection that is closed while something is sent is reset.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ status: Number(text.split(' ')[1]), text, sentBytes }));
    const more = (): void => {
      for (let next = part(); next !== null; next = part()) {
        sentBytes += next.length;
        if (!socket.write(next)) {
          socket.once('drain', more);
          return;
        }
      }
    };
    socket.write([...head, 'Host: signalbox', '', ''].join('\r\n'));
    more();
  });
}

const mebibyte = 'x'.repeat(1_048_576);
const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;

describe('a body', () => {
  it('of 31 MB is refused by its length, and not read', async () => {
    let left = 31;
    const head = [
      `POST /webhooks/${hook.id} HTTP/1.1`,
      `x-session-token: ${token}`,
      'Content-Type: application/json',
      'Connection: close',
      `Content-Length: ${31 * mebibyte.length}`,
    ];
    const { status, text } = await pour(head, () => (left-- > 0 ? mebibyte : null));
    expect(status).toBe(413);
    expect(text).toContain('"code":"too_large"');
  });

  it('without an end is refused beyond the limit, and its connection is closed', async () => {
    const head = [`POST /webhooks/${hook.id} HTTP/1.1`, `x-session-token: ${token}`, 'Transfer-Encoding: chunked'];
    const { status, text } = await pour(head, () => chunk);
    expect(status).toBe(413);
    expect(text).toContain('"code":"too_large"');
  });

  it.each([
    ['without a token', []],
    ['with a wrong one', ['x-session-token: nonsense']],
  ])('%s is not waited for, and its connection is closed', async (_, headers) => {
    const head = [`POST /webhooks/${hook.id} HTTP/1.1`, ...headers, 'Transfer-Encoding: chunked'];
    const { status } = await pour(head, () => chunk);
    expect(status).toBe(401);
  });

  it('that is compressed is refused', async () => {
    const answer = await world.report(hook.id, token, registration(), { 'content-encoding': 'gzip' });
    expect(answer).toMatchObject({ status: 415, body: { error: { code: 'unsupported_media_type' } } });
  });

  it('that breaks off harms nobody', async () => {
    const { hostname, port } = new URL(world.api.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `POST /webhooks/${hook.id} HTTP/1.1\r\nHost: x\r\nx-session-token: ${token}\r\nContent-Length: 100\r\n\r\n{"a":`,
          () => socket.destroy(),
        );
      });
      socket.on('close', () => resolve());
    });
    expect(await world.report(hook.id, token, registration())).toMatchObject({ status: 200 });
  });

  it('may come in chunks, and under any content type', async () => {
    const body = JSON.stringify(registration());
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const part of [body.slice(0, 20), body.slice(20)]) controller.enqueue(new TextEncoder().encode(part));
        controller.close();
      },
    });
    const init = { method: 'POST', headers: { 'x-session-token': token, 'content-type': 'text/plain' } };
    const answer = await fetch(`${world.api.url}/webhooks/${hook.id}`, {
      ...init,
      body: stream,
      duplex: 'half',
    });
    expect(answer.status).toBe(200);
  });
});

it('metrics count what came of each request', async () => {
  const text = await (await fetch(`${world.api.url}/metrics`)).text();
  for (const [name, outcome] of [
    ['handshakes', 'accepted'],
    ['reports', 'accepted'],
    ['reports', 'too_large'],
    ['reports', 'session_token_missing'],
  ]) {
    expect(text).toMatch(new RegExp(`signalbox_webhook_${name}_total\\{outcome="${outcome}",app="api"\\} [1-9]`));
  }
});

it('what changes while events come is answered as such, and what was acknowledged is published', async () => {
  const own = await world.made();
  const given = await world.token(own);
  const accepted: string[] = [];
  const statuses = new Set<number>();
  const over = new AbortController();
  const work = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const event = registration();
      const { status } = await world.report(own.id, given, event);
      statuses.add(status);
      if (status === 200) accepted.push(event.customerId);
    }
  };
  const working = Promise.all(Array.from({ length: 20 }, work));
  const untilAnswered = async (status: number): Promise<void> => {
    statuses.clear();
    while (!statuses.has(status)) await sleep(5);
  };
  await untilAnswered(200);
  await world.admin('PATCH', `/${own.id}`, { enabled: false });
  await untilAnswered(403);
  await world.admin('PATCH', `/${own.id}`, { enabled: true, brand: 'beta' });
  await untilAnswered(200);
  await world.admin('POST', `/${own.id}/rotate`);
  await untilAnswered(200);
  await world.admin('DELETE', `/${own.id}/keys/${own.keyId}`);
  await untilAnswered(401);
  await world.admin('DELETE', `/${own.id}`);
  await untilAnswered(404);
  over.abort();
  await working;
  const published = new Set((await world.published()).map(({ key }) => key));
  expect(accepted.length).toBeGreaterThan(0);
  expect(accepted.filter((customer) => !published.has(customer))).toEqual([]);
});

it('two keys under one name of a header are two keys', async () => {
  const other = await world.made();
  const head = [
    `POST /webhooks/${hook.id}/handshake HTTP/1.1`,
    `Authorization: ${hook.key}`,
    `Authorization: ${other.key}`,
    'Connection: close',
    'Content-Length: 0',
  ];
  const { status, text } = await pour(head, () => null);
  expect(status).toBe(401);
  expect(text).toContain('"code":"api_key_invalid"');
});

it('HEAD is answered with 405', async () => {
  const answer = await fetch(`${world.api.url}/webhooks/${hook.id}`, { method: 'HEAD' });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
});

it('what strangers try keeps out no valid key or token', async () => {
  const api = await world.startApi({ AUTH_FAILURES_PER_MINUTE: '3' });
  const statuses: number[] = [];
  for (let n = 0; n < 4; n += 1) statuses.push((await world.handshake(hook.id, { 'x-api-key': 'x' }, api)).status);
  expect(statuses).toEqual([401, 401, 401, 429]);
  const refused = await world.report('nobody', 'x', {}, {}, api);
  expect(refused).toMatchObject({ status: 429, body: { error: { code: 'too_many_requests' } } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await world.handshake(hook.id, { 'x-api-key': hook.key }, api)).toMatchObject({ status: 200 });
  expect(await world.report(hook.id, token, registration(), {}, api)).toMatchObject({ status: 200 });
});

it('the log says at the start where no secret is set', async () => {
  const lines: string[] = [];
  const app = await startApi({
    config: loadConfig({ ...process.env, ...world.env, WEBHOOK_TOKEN_SECRET: '', API_PORT: '0' }),
    log: createLogger('api', 'warn', { write: (line) => void lines.push(line) }),
    registry: createMetrics('api'),
    stopping: new AbortController().signal,
  });
  await app.close();
  expect(lines.join('')).toContain('WEBHOOK_TOKEN_SECRET is not set');
});

it('no log holds a key, a token or an address with one', async () => {
  const lines: string[] = [];
  const app = await startApi({
    config: loadConfig({
      ...process.env,
      ...world.env,
      API_PORT: '0',
      SESSION_SECRET: sessionSecret,
      LOG_LEVEL: 'trace',
    }),
    log: createLogger('api', 'trace', { write: (line) => void lines.push(line) }),
    registry: createMetrics('api'),
    stopping: new AbortController().signal,
  });
  const url = await app.getUrl();
  const post = (path: string, headers: Record<string, string> = {}, body?: string) =>
    fetch(`${url}/webhooks/${hook.id}${path}`, { method: 'POST', headers, ...(body !== undefined && { body }) });
  await post(`/handshake?x-api-key=${hook.key}&token=${token}`);
  await post('/handshake', { authorization: `${hook.key}0` });
  await post('/handshake', { authorization: hook.key });
  await post(
    `?x-session-token=${token}`,
    { 'x-session-token': token },
    JSON.stringify(registration({ secret: 's3cr3t' })),
  );
  await post(`/${hook.key}?key=${hook.key}`, { 'x-session-token': token });
  await app.close();
  const text = lines.join('');
  expect(text).toContain('"level"');
  for (const secret of [hook.key.slice(24), token.split('.')[2]!, 's3cr3t']) expect(text).not.toContain(secret);
});

it('an answer to what is not there holds no part of the address', async () => {
  const answer = await world.api.ask(`/webhooks/${hook.id}/${hook.key}`, { method: 'POST' });
  expect(answer.status).toBe(404);
  expect(JSON.stringify(answer.body)).not.toContain(hook.key.slice(24));
});
