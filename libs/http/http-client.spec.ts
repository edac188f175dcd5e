import { afterEach, describe, expect, it, vi } from 'vitest';
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import { startReceiver, startTcpReceiver, type Receiver } from '../../test/support/receiver.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';
import type { HttpRequest } from './http-message.ts';
import { PermanentStatusError, RetryableStatusError } from './http.errors.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function client(): HttpClient {
  const http = createHttpClient({ allowedNetworks: ['127.0.0.0/8'], userAgent: 'signalbox/test' });
  cleanups.push(() => http.close());
  return http;
}

async function receiver(...args: Parameters<typeof startReceiver>): Promise<Receiver> {
  const started = await startReceiver(...args);
  cleanups.push(() => started.close());
  return started;
}

function post(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { url, method: 'POST', headers: {}, body: '{}', timeoutMs: 5000, ...more };
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.fail('the call succeeded'),
    (error: unknown) => error,
  );
}

describe('a call', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'R-080 R-084 sends %s, header names and values and the body as given',
    async (method) => {
      const target = await receiver((_request, response) => response.end('ok'));
      const headers = {
        'Content-Type': 'application/json; charset=UTF-8',
        'x-CASE-Kept': '  a, b;c="d" ',
        accept: '*/*',
      };
      const body = '{"text":"Über \\u00fc \\n \u{1F600} \\"q\\""}';

      await client().send(post(`${target.url}/a/b%20c?x=1&y=%2F&z`, { method, headers, body }));

      const [request] = target.requests;
      expect(request).toMatchObject({ method, url: '/a/b%20c?x=1&y=%2F&z', body });
      const raw = request?.rawHeaders ?? [];
      expect(raw[raw.indexOf('Content-Type') + 1]).toBe('application/json; charset=UTF-8');
      // Blanks around a value are no part of it (RFC 9110, section 5.5).
      expect(raw[raw.indexOf('x-CASE-Kept') + 1]).toBe('a, b;c="d"');
      expect(raw[raw.indexOf('accept') + 1]).toBe('*/*');
    },
  );

  it('R-084 adds nothing to the request but what HTTP and the user-agent need', async () => {
    const target = await receiver((_request, response) => response.end());
    await client().send(post(target.url, { body: null }));
    expect(Object.keys(target.requests[0]?.headers ?? {}).sort()).toEqual([
      'connection',
      'content-length',
      'host',
      'user-agent',
    ]);
    expect(target.requests[0]?.headers['user-agent']).toBe('signalbox/test');
    expect(target.requests[0]?.body).toBe('');
  });

  it('keeps a user-agent and an authorization that the request gives', async () => {
    const target = await receiver((_request, response) => response.end());
    const url = target.url.replace('//', '//user:pass@');
    await client().send(post(url, { headers: { 'User-Agent': 'mine', AUTHORIZATION: 'Bearer mine' } }));
    expect(target.requests[0]?.headers).toMatchObject({ 'user-agent': 'mine', authorization: 'Bearer mine' });
  });

  it('sends user-info of the URL as basic authorization', async () => {
    const target = await receiver((_request, response) => response.end());
    await client().send(post(target.url.replace('//', '//us%40er:p%C3%A4%25ss@')));
    const sent = target.requests[0]?.headers.authorization?.replace('Basic ', '') ?? '';
    expect(Buffer.from(sent, 'base64').toString()).toBe('us@er:pä%ss');
  });

  it('uses connections again', async () => {
    const target = await receiver((_request, response) => response.end('ok'));
    const http = client();
    for (let call = 0; call < 20; call += 1) await http.send(post(target.url));
    // undici counts a connection as free one turn of the event loop after the answer has ended.
    expect(target.connections).toBeLessThanOrEqual(2);
  });

  it('uses no proxy of the environment', async () => {
    const proxy = await receiver((_request, response) => response.end());
    const target = await receiver((_request, response) => response.end('direct'));
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY']) vi.stubEnv(name, proxy.url);
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    expect((await client().send(post(target.url))).body).toBe('direct');
    expect(proxy.connections).toBe(0);
  });
});

describe('the answer', () => {
  it.each([200, 201, 202, 204, 206, 226, 299])('R-088 %d is success', async (status) => {
    const target = await receiver((_request, response) => response.writeHead(status, { 'X-A': 'b' }).end());
    const answer = await client().send(post(target.url));
    expect(answer).toMatchObject({ status, body: '', headers: { 'x-a': 'b' } });
    expect(answer.durationMs).toBeGreaterThanOrEqual(0);
  });

  it.each([300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 409, 410, 413, 418, 422, 451, 499])(
    'R-089 %d fails for good',
    async (status) => {
      const target = await receiver((_request, response) => response.writeHead(status).end());
      const error = await failureOf(client().send(post(target.url)));
      expect(error).toBeInstanceOf(PermanentStatusError);
      expect(error).toMatchObject({ code: 'webhook_status', retryable: false, status });
    },
  );

  it.each([408, 425, 429, 500, 501, 502, 503, 504, 599])('R-089 %d fails and may be tried again', async (status) => {
    const target = await receiver((_request, response) => response.writeHead(status).end());
    const error = await failureOf(client().send(post(target.url)));
    expect(error).toBeInstanceOf(RetryableStatusError);
    expect(error).toMatchObject({ code: 'webhook_status', retryable: true, status, retryAfterMs: undefined });
  });

  it('says how long the receiver wants to be left alone', async () => {
    const target = await receiver((_request, response) => response.writeHead(429, { 'Retry-After': '12' }).end());
    expect(await failureOf(client().send(post(target.url)))).toMatchObject({ retryAfterMs: 12_000 });
  });

  it('R-089 names method, URL, status and the beginning of the answer', async () => {
    const target = await receiver((_request, response) => response.writeHead(422).end('{"error":"no\nsuch field"}'));
    await expect(client().send(post(`${target.url}/in?a=1`))).rejects.toThrow(
      `POST ${target.url}/in?a=1 → 422 Unprocessable Entity: {"error":"no such field"}`,
    );
  });

  it.each([301, 302, 303, 307, 308])('R-094 does not follow a %d and masks where it leads', async (status) => {
    const other = await receiver((_request, response) => response.end());
    const location = `${other.url}/hooks/0123456789abcdef?token=abcdefgh12345678`;
    const target = await receiver((_request, response) => response.writeHead(status, { location }).end());

    const error = await failureOf(client().send(post(target.url)));

    expect(other.connections).toBe(0);
    expect(String(error)).toContain(`to ${other.url}/hooks/***cdef?token=***5678 (redirects are not followed`);
  });

  it('R-094 is read up to 64 KiB, whole characters only, and the rest is cut off', async () => {
    const text = `a${'ü'.repeat(65_536)}`;
    const target = await receiver((_request, response) => response.end(text));
    const http = client();
    const { body } = await http.send(post(target.url));
    expect(body).toBe(text.slice(0, 32_768));
    expect(Buffer.byteLength(body)).toBe(65_535);
    await expect.poll(() => target.open.size).toBe(0);
    expect((await http.send(post(target.url))).status).toBe(200);
  });

  it('is read whole when it is exactly as long as may be read', async () => {
    const target = await receiver((_request, response) => response.end('x'.repeat(65_536)));
    expect((await client().send(post(target.url))).body.length).toBe(65_536);
    expect(target.open.size).toBe(1);
  });

  it('counts only after informational ones', async () => {
    const target = await startTcpReceiver((socket) => {
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok',
        ),
      );
    });
    cleanups.push(() => target.close());
    expect(await client().send(post(target.url))).toMatchObject({ status: 202, body: 'ok' });
  });
});

describe('no answer', () => {
  async function tcp(onConnection: Parameters<typeof startTcpReceiver>[0]): Promise<string> {
    const target = await startTcpReceiver(onConnection);
    cleanups.push(() => target.close());
    return target.url;
  }

  it('R-090 a refused connection may be tried again', async () => {
    const gone = await startReceiver(() => undefined);
    await gone.close();
    const error = await failureOf(client().send(post(gone.url)));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({
      code: 'webhook_transport',
      message: `POST ${gone.url} → no answer: connect ECONNREFUSED 127.0.0.1:${gone.port}`,
    });
  });

  it.each<[string, Parameters<typeof startTcpReceiver>[0]]>([
    ['a reset before the request', (socket) => void socket.resetAndDestroy()],
    ['a reset instead of an answer', (socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['a close instead of an answer', (socket) => socket.once('data', () => socket.end())],
    [
      'an answer cut off',
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc')),
    ],
    [
      'something that is not HTTP',
      (socket) => socket.once('data', () => socket.end('220 smtp.example ESMTP secret\r\n')),
    ],
    [
      'an unwanted upgrade',
      (socket) =>
        socket.once('data', () =>
          socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
        ),
    ],
    [
      'an endless header',
      (socket) => socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nA: ${'x'.repeat(200_000)}\r\n\r\n`)),
    ],
  ])('R-090 %s may be tried again', async (_name, onConnection) => {
    const url = await tcp(onConnection);
    const error = await failureOf(client().send(post(url)));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: 'webhook_transport' });
    expect(String(error)).toContain(`POST ${url} → no answer: `);
  });

  it('R-090 a name without an address may be tried again', async () => {
    const error = await failureOf(client().send(post('http://does-not-exist.invalid/')));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: 'webhook_transport' });
  });

  it.each([
    '',
    'nowhere',
    '/path',
    'ftp://a.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://',
    'http://a b/',
    'http://[fe80::1%25eth0]/',
    'https://a.example:99999/',
  ])('refuses the URL %j for good', async (url) => {
    const error = await failureOf(client().send(post(url)));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ code: 'webhook_invalid_url' });
  });

  it.each<[string, Record<string, string>]>([
    ['a line break in a header', { 'x-a': 'b\r\nx-injected: c' }],
    ['an invalid header name', { 'x a': 'b' }],
    ['a body length that is wrong', { 'Content-Length': '1' }],
    ['framing of its own', { 'Transfer-Encoding': 'chunked' }],
  ])('refuses %s for good and sends nothing', async (_name, headers) => {
    const target = await receiver((_request, response) => response.end());
    const error = await failureOf(client().send(post(target.url, { headers })));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ code: 'webhook_invalid_request' });
    expect(target.requests).toEqual([]);
  });

  it('R-090 a client that was closed sends nothing more', async () => {
    const target = await receiver((_request, response) => response.end());
    const http = client();
    await http.close();
    expect(await failureOf(http.send(post(target.url)))).toMatchObject({ code: 'webhook_transport' });
    expect(target.connections).toBe(0);
  });
});

describe('secrets', () => {
  const secrets = ['abcdefgh12345678', 'plainvalue42', 'sid=cookievalue', 'pa55word'];

  it('R-092 R-093 reach the receiver and no error', async () => {
    const target = await receiver((request, response) => {
      response.writeHead(500).end(`cannot ${request.url} ${request.rawHeaders.join(' ')} ${request.body}`);
    });
    const url = `http://user:pa55word@127.0.0.1:${target.port}/services/x?token=abcdefgh12345678`;
    const headers = {
      Authorization: 'Bearer abcdefgh12345678',
      'X-Api-Key': 'plainvalue42',
      Cookie: 'sid=cookievalue',
    };
    const body = '{"token":"abcdefgh12345678"}';

    const error = await failureOf(client().send(post(url, { headers, body })));

    expect(target.requests[0]).toMatchObject({ url: '/services/x?token=abcdefgh12345678', body });
    expect(target.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer abcdefgh12345678',
      'x-api-key': 'plainvalue42',
      cookie: 'sid=cookievalue',
    });
    for (const secret of secrets) expect(String(error)).not.toContain(secret);
  });

  it('R-092 stay out of errors of a URL that cannot be read', async () => {
    const error = await failureOf(client().send(post('htp://user:pa55word@a.example/?token=abcdefgh12345678')));
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/pa55word|abcdefgh12345678/);
  });
});
