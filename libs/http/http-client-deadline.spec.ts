import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { startReceiver, startTcpReceiver, type Receiver } from '../../test/support/receiver.ts';
import { createHttpClient, type HttpClient, type HttpClientOptions } from './http-client.ts';
import type { HttpRequest } from './http-message.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function client(options: Partial<HttpClientOptions> = {}): HttpClient {
  const http = createHttpClient({ allowedNetworks: ['127.0.0.0/8'], userAgent: 'signalbox/test', ...options });
  cleanups.push(() => http.close());
  return http;
}

async function tcp(onConnection: (socket: Socket) => void): Promise<Receiver> {
  const target = await startTcpReceiver(onConnection);
  cleanups.push(() => target.close());
  return target;
}

const timeoutMs = 300;

function post(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { url, method: 'POST', headers: {}, body: '{}', timeoutMs, ...more };
}

/** Asserts that the call ends by its own time; returns the error. */
async function timeoutOf(call: Promise<unknown>): Promise<RetryableError> {
  const start = performance.now();
  const error = await call.then(
    () => expect.fail('the call succeeded'),
    (reason: unknown) => reason,
  );
  const took = performance.now() - start;
  expect(took).toBeGreaterThan(timeoutMs / 2);
  expect(took).toBeLessThan(timeoutMs + 2000);
  expect(error).toBeInstanceOf(RetryableError);
  expect(error).toMatchObject({ code: 'webhook_timeout' });
  return error as RetryableError;
}

/** Writes a byte every 20 ms for as long as the other side listens. */
function drip(socket: Socket, byte: string): void {
  const timer = setInterval(() => socket.write(byte), 20);
  socket.on('close', () => clearInterval(timer));
}

describe('the time of a call', () => {
  it('R-087 ends a receiver that never answers', async () => {
    const target = await tcp((socket) => socket.resume());
    const error = await timeoutOf(client().send(post(`${target.url}/slow`)));
    expect(error.message).toBe(`POST ${target.url}/slow → no complete answer within 300 ms (waiting for the answer)`);
    expect(error.unanswered).toBe(true);
    await expect.poll(() => target.open.size).toBe(0);
  });

  it('R-087 ends a receiver that drips its headers', async () => {
    const target = await tcp((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nX-A: ');
        drip(socket, 'a');
      });
    });
    await timeoutOf(client().send(post(target.url)));
    await expect.poll(() => target.open.size).toBe(0);
  });

  it('R-087 ends a receiver that drips its body', async () => {
    const target = await tcp((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
        drip(socket, 'a');
      });
    });
    expect((await timeoutOf(client().send(post(target.url)))).message).toContain('(reading the body)');
    await expect.poll(() => target.open.size).toBe(0);
  });

  it('R-087 ends a receiver that does not read what it is sent', async () => {
    const target = await tcp((socket) => socket.pause());
    const error = await timeoutOf(client().send(post(target.url, { body: 'x'.repeat(20_000_000) })));
    expect(error.message).toContain('(waiting for the answer)');
  });

  it('R-087 ends a TLS handshake that never completes', async () => {
    const target = await tcp((socket) => socket.resume());
    const error = await timeoutOf(client().send(post(target.url.replace('http:', 'https:'))));
    expect(error.message).toContain('(still connecting)');
    expect(error.unanswered).toBe(false);
  });

  it('is not over when a body never ends: its beginning is enough', async () => {
    const target = await tcp((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const pour = (): void => {
          while (!socket.destroyed && socket.write('x'.repeat(16_384)));
        };
        socket.on('drain', pour);
        pour();
      });
    });
    const { body } = await client().send(post(target.url, { timeoutMs: 5000 }));
    expect(body.length).toBe(65_536);
    await expect.poll(() => target.open.size).toBe(0);
  });

  it('R-087 covers the look-up of the name, and a call that ended there is never sent', async () => {
    const target = await startReceiver((_request, response) => response.end());
    cleanups.push(() => target.close());
    let answerLookUp = (): void => undefined;
    const lookedUp = new Promise<void>((resolve) => (answerLookUp = resolve));
    const http = client({
      resolve: async () => {
        await lookedUp;
        return [{ address: '127.0.0.1', family: 4 }];
      },
    });
    await timeoutOf(http.send(post(`http://receiver.test:${target.port}/late`)));

    answerLookUp();
    await http.send(post(`http://receiver.test:${target.port}/next`, { timeoutMs: 5000 }));

    expect(target.requests.map(({ url }) => url)).toEqual(['/next']);
  });

  it('R-087 covers the wait for a free connection, and a call that ended there is never sent', async () => {
    const received: string[] = [];
    let answerFirst = (): void => undefined;
    const target = await startReceiver(({ url }, response) => {
      received.push(url);
      if (url === '/first') answerFirst = () => response.end();
      else response.end();
    });
    cleanups.push(() => target.close());
    const http = client({ maxConnections: 1 });
    const first = http.send(post(`${target.url}/first`, { timeoutMs: 10_000 }));
    await expect.poll(() => received).toEqual(['/first']);

    await timeoutOf(http.send(post(`${target.url}/second`)));
    answerFirst();
    await first;
    await http.send(post(`${target.url}/third`, { timeoutMs: 10_000 }));

    expect(received).toEqual(['/first', '/third']);
  });
});

describe('a call that is called off', () => {
  it('ends with the reason and hangs up', async () => {
    const target = await tcp((socket) => socket.resume());
    const controller = new AbortController();
    const call = client().send(post(target.url, { timeoutMs: 10_000, signal: controller.signal }));
    await expect.poll(() => target.open.size).toBe(1);
    const reason = new Error('not wanted any more');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await expect.poll(() => target.open.size).toBe(0);
  });

  it('is not sent when that happened before', async () => {
    const target = await tcp((socket) => socket.resume());
    const reason = new Error('never wanted');
    const call = client().send(post(target.url, { signal: AbortSignal.abort(reason) }));
    await expect(call).rejects.toBe(reason);
    expect(target.connections).toBe(0);
  });
});

describe('closing', () => {
  it('lets a call under way end', async () => {
    let answer = (): void => undefined;
    const target = await startReceiver((_request, response) => (answer = () => response.end('ok')));
    cleanups.push(() => target.close());
    const http = client();
    const call = http.send(post(target.url, { timeoutMs: 10_000 }));
    await expect.poll(() => target.requests.length).toBe(1);
    const closed = http.close();
    answer();
    expect((await call).body).toBe('ok');
    await closed;
    await expect.poll(() => target.open.size).toBe(0);
  });
});
