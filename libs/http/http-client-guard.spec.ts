import { afterEach, describe, expect, it } from 'vitest';
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { guardedConnector, type ResolvedAddress } from './ssrf-connector.ts';
import { createHttpClient, type HttpClient, type HttpClientOptions } from './http-client.ts';
import type { HttpRequest } from './http-message.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function client(options: Partial<HttpClientOptions> = {}): HttpClient {
  const http = createHttpClient({ allowedNetworks: [], userAgent: 'signalbox/test', ...options });
  cleanups.push(() => http.close());
  return http;
}

async function receiver(...args: Parameters<typeof startReceiver>): Promise<Receiver> {
  const started = await startReceiver(...args);
  cleanups.push(() => started.close());
  return started;
}

function post(url: string): HttpRequest {
  return { url, method: 'POST', headers: {}, body: '{}', timeoutMs: 3000 };
}

async function blocked(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => expect.fail('the call succeeded'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PermanentError);
  expect(error).toMatchObject({ code: 'webhook_blocked_address' });
  return (error as PermanentError).message;
}

const ip = (address: string): ResolvedAddress => ({ address, family: address.includes(':') ? 6 : 4 });

describe('addresses that are not public', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '0.0.0.0',
    '0',
    '１２７.０.０.１',
    '127。0。0。1',
    '%31%32%37.0.0.1',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '224.0.0.1',
    '255.255.255.255',
    'user@127.0.0.1',
    'public.example@127.0.0.1',
    'localhost',
    'LOCALHOST',
  ])('R-094 blocks http://%s', async (host) => {
    const target = await receiver((_request, response) => response.end());
    await blocked(client().send(post(`http://${host}:${target.port}/`)));
    expect(target.connections).toBe(0);
  });

  it('R-094 blocks the same over TLS', async () => {
    const target = await receiver((_request, response) => response.end());
    await blocked(client().send(post(`https://127.0.0.1:${target.port}/`)));
    await blocked(client().send(post(`https://localhost:${target.port}/`)));
    expect(target.connections).toBe(0);
  });

  it('R-094 says which name leads where and what an operator can do', async () => {
    const http = client({ resolve: async () => [ip('10.1.2.3')] });
    expect(await blocked(http.send(post('http://crm.internal/hooks/0123456789abcdef')))).toBe(
      'POST http://crm.internal/hooks/***cdef → not sent: crm.internal (10.1.2.3) is not a public address (private); ' +
        'an operator can allow its network in WEBHOOK_ALLOWED_NETWORKS',
    );
  });

  it('R-094 blocks a name all of whose addresses are closed', async () => {
    const http = client({ resolve: async () => [ip('127.0.0.1'), ip('::1'), ip('::ffff:10.0.0.1')] });
    expect(await blocked(http.send(post('http://receiver.test/')))).toContain('receiver.test (127.0.0.1)');
  });
});

describe('addresses that are allowed', () => {
  it('are reached in their networks and nowhere else', async () => {
    const target = await receiver((_request, response) => response.end('ok'));
    const http = client({ allowedNetworks: ['127.0.0.1/32'] });
    expect((await http.send(post(target.url))).body).toBe('ok');
    expect((await http.send(post(`http://localhost:${target.port}/`))).body).toBe('ok');
    expect((await http.send(post(`http://[::ffff:127.0.0.1]:${target.port}/`))).body).toBe('ok');
    await blocked(http.send(post(`http://127.0.0.2:${target.port}/`)));
  });

  it('R-094 are the only ones tried of a name that has others too', async () => {
    const target = await receiver((_request, response) => response.end('ok'));
    const http = client({
      allowedNetworks: ['127.0.0.1/32'],
      resolve: async () => [ip('10.0.0.1'), ip('169.254.169.254'), ip('127.0.0.1')],
    });
    expect((await http.send(post(`http://receiver.test:${target.port}/`))).body).toBe('ok');
  });
});

describe('a name that changes its address', () => {
  it('R-094 is asked once a connection, and that answer is the one connected to', async () => {
    const target = await receiver((_request, response) => response.setHeader('connection', 'close').end('ok'));
    const answers = [ip('127.0.0.1'), ip('10.0.0.1')];
    let asked = 0;
    const http = client({
      allowedNetworks: ['127.0.0.1/32'],
      resolve: async () => {
        asked += 1;
        return [answers.shift() ?? ip('10.0.0.2')];
      },
    });

    expect((await http.send(post(`http://rebind.test:${target.port}/`))).body).toBe('ok');
    expect(asked).toBe(1);
    expect(await blocked(http.send(post(`http://rebind.test:${target.port}/`)))).toContain('rebind.test (10.0.0.1)');
    expect(asked).toBe(2);
    expect(target.connections).toBe(1);
  });

  it('R-094 does not lead to the second answer when no server answers at the first', async () => {
    const target = await receiver((_request, response) => response.end());
    // 127.0.0.2 stands for a public address at which no server listens.
    const answers = [ip('127.0.0.2')];
    let asked = 0;
    const http = client({
      allowedNetworks: ['127.0.0.2/32'],
      resolve: async () => {
        asked += 1;
        return [answers.shift() ?? ip('127.0.0.1')];
      },
    });
    await expect(http.send(post(`http://rebind.test:${target.port}/`))).rejects.toBeInstanceOf(RetryableError);
    expect(asked).toBe(1);
    await blocked(http.send(post(`http://rebind.test:${target.port}/`)));
    expect(target.connections).toBe(0);
  });
});

describe('connections', () => {
  it('R-094 checked under one policy are not used under another', async () => {
    const target = await receiver((_request, response) => response.end());
    await client({ allowedNetworks: ['127.0.0.0/8'] }).send(post(target.url));
    expect(target.open.size).toBe(1);
    await blocked(client().send(post(target.url)));
    expect(target.connections).toBe(1);
  });

  it('R-094 whose peer is not allowed after all are closed before a byte is written', async () => {
    const target = await receiver((_request, response) => response.end());
    let judged = 0;
    const connect = guardedConnector({
      // Lets the look-up pass and then changes its mind, as if something else had chosen the address.
      policy: { whyBlocked: () => ((judged += 1) === 1 ? null : 'private') },
      timeoutMs: 3000,
      resolve: async () => [ip('127.0.0.1')],
    });
    const outcome = await new Promise((resolve) => {
      const to = { hostname: 'receiver.test', host: 'receiver.test', protocol: 'http:', port: String(target.port) };
      connect(to, (...[error]) => resolve(error));
    });
    expect(outcome).toMatchObject({ name: 'BlockedAddressError' });
    await expect.poll(() => target.open.size).toBe(0);
    expect(target.requests).toEqual([]);
  });
});
