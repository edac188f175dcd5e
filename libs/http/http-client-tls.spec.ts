import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import { selfSigned, type Certificate } from '../../test/support/certificate.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';
import type { HttpRequest } from './http-message.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Every name leads to this machine. */
function client(trusted: Certificate[]): HttpClient {
  const http = createHttpClient({
    allowedNetworks: ['127.0.0.1/32'],
    userAgent: 'signalbox/test',
    certificateAuthorities: trusted.map(({ cert }) => cert),
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  });
  cleanups.push(() => http.close());
  return http;
}

async function receiver(certificate: Certificate): Promise<Receiver & { serverNames: (string | false | null)[] }> {
  const serverNames: (string | false | null)[] = [];
  const started = await startReceiver((_request, response) => {
    serverNames.push((response.socket as TLSSocket & { servername: string | false | null }).servername);
    response.end('ok');
  }, certificate);
  cleanups.push(() => started.close());
  return Object.assign(started, { serverNames });
}

function post(url: string, headers: Record<string, string> = {}): HttpRequest {
  return { url, method: 'POST', headers, body: '{}', timeoutMs: 5000 };
}

describe('a call over TLS', () => {
  it('asks for the name of the URL and verifies the certificate against it', async () => {
    const certificate = selfSigned({ dnsNames: ['receiver.test'] });
    const target = await receiver(certificate);
    const http = client([certificate]);
    expect((await http.send(post(`https://receiver.test:${target.port}/`))).body).toBe('ok');
    expect(target.serverNames).toEqual(['receiver.test']);
  });

  it('keeps to the name of the URL when the rule sends another host header', async () => {
    const certificate = selfSigned({ dnsNames: ['receiver.test'] });
    const target = await receiver(certificate);
    const http = client([certificate]);
    await http.send(post(`https://receiver.test:${target.port}/`, { Host: 'other.test' }));
    expect(target.serverNames).toEqual(['receiver.test']);
    expect(target.requests[0]?.headers.host).toBe('other.test');
    await expect(
      http.send(post(`https://other.test:${target.port}/`, { Host: 'receiver.test' })),
    ).rejects.toMatchObject({ code: 'webhook_certificate' });
  });

  it.each<[string, () => { certificate: Certificate; trusted: boolean; host?: string }]>([
    [
      'no trusted authority has signed',
      () => ({ certificate: selfSigned({ dnsNames: ['receiver.test'] }), trusted: false }),
    ],
    ['names another host', () => ({ certificate: selfSigned({ dnsNames: ['other.test'] }), trusted: true })],
    [
      'has expired',
      () => ({
        certificate: selfSigned({ dnsNames: ['receiver.test'], notAfter: new Date(Date.now() - 1000) }),
        trusted: true,
      }),
    ],
    [
      'does not name the address called',
      () => ({ certificate: selfSigned({ dnsNames: ['receiver.test'] }), trusted: true, host: '127.0.0.1' }),
    ],
  ])('R-090 fails for good with a certificate that %s', async (_name, situation) => {
    const { certificate, trusted, host = 'receiver.test' } = situation();
    const target = await receiver(certificate);
    const call = client(trusted ? [certificate] : []).send(post(`https://${host}:${target.port}/`));
    await expect(call).rejects.toBeInstanceOf(PermanentError);
    await expect(call).rejects.toMatchObject({ code: 'webhook_certificate' });
    await expect(call).rejects.toThrow(`POST https://${host}:${target.port}/ → the certificate is not valid: `);
    expect(target.requests).toEqual([]);
  });

  it('R-090 may be tried again when the receiver speaks no TLS', async () => {
    const target = await startReceiver((_request, response) => response.end());
    cleanups.push(() => target.close());
    const call = client([]).send(post(`https://receiver.test:${target.port}/`));
    await expect(call).rejects.toBeInstanceOf(RetryableError);
    await expect(call).rejects.toMatchObject({ code: 'webhook_transport' });
  });
});
