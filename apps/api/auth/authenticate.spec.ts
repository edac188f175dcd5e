import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawApiKey, type StoredApiKey } from '#libs/domain/access/api-key.ts';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { OidcIssuer } from './oidc-issuer.ts';
import { sessionVerifier, type FindApiKey, type SessionSettings } from './authenticate.ts';

interface Pair {
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  jwk: JWK;
}

async function pair(kid: string, alg = 'ES256'): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } };
}

const token = (
  key: CryptoKey | Uint8Array,
  header: { alg: string; kid?: string },
  claims: object = {},
  subject = 'ann',
) =>
  new SignJWT({ role: 'SESSION_ADMIN', ...claims })
    .setProtectedHeader(header)
    .setSubject(subject)
    .setExpirationTime('5m')
    .sign(key);

let server: Server;
let url: string;
let keys: JWK[] = [];
let status = 200;
let first: Pair;
let second: Pair;

beforeAll(async () => {
  server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  [first, second] = [await pair('first'), await pair('second', 'RS256')];
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const refused = { code: 'no_session' };

const verifier = (settings: SessionSettings, findApiKey: FindApiKey = () => Promise.resolve(null)) =>
  sessionVerifier(settings, findApiKey);

describe('sessions signed with the keys of a set', () => {
  it('are accepted, also after the keys have been changed, without a restart', async () => {
    keys = [first.jwk];
    const verify = verifier({ jwksUrl: url, cooldownMs: 0 });
    const early = `Bearer ${await token(first.privateKey, { alg: 'ES256', kid: 'first' })}`;
    const endsAt = expect.stringMatching(/^20\d\d-.*Z$/) as string;
    expect(await verify(early)).toEqual({ userId: 'ann', role: 'SESSION_ADMIN', brands: null, endsAt });
    keys = [second.jwk];
    const late = `Bearer ${await token(second.privateKey, { alg: 'RS256', kid: 'second' })}`;
    expect(await verify(late)).toMatchObject({ userId: 'ann' });
    await expect(verify(early)).rejects.toMatchObject(refused);
  });

  it('are refused with another key, and where a public key serves as a secret', async () => {
    keys = [first.jwk, second.jwk];
    const verify = verifier({ jwksUrl: url });
    const forged = await token(second.privateKey, { alg: 'RS256', kid: 'first' });
    await expect(verify(`Bearer ${forged}`)).rejects.toMatchObject(refused);
    const pem = new TextEncoder().encode(await exportSPKI(second.publicKey));
    const confused = await token(pem, { alg: 'HS256', kid: 'second' });
    await expect(verify(`Bearer ${confused}`)).rejects.toMatchObject(refused);
    await expect(verify('Bearer nonsense')).rejects.toMatchObject(refused);
  });

  it('stand beside those signed with a secret', async () => {
    keys = [first.jwk];
    const secret = 'a secret of at least 32 characters';
    const verify = verifier({ jwksUrl: url, secret });
    expect(await verify(`Bearer ${await token(first.privateKey, { alg: 'ES256', kid: 'first' })}`)).toBeDefined();
    expect(await verify(`Bearer ${await token(new TextEncoder().encode(secret), { alg: 'HS256' })}`)).toBeDefined();
  });

  it('are neither accepted nor refused while the keys cannot be read', async () => {
    const signed = `Bearer ${await token(first.privateKey, { alg: 'ES256', kid: 'first' })}`;
    status = 500;
    const away = { code: 'session_keys_unavailable', retryable: true };
    await expect(verifier({ jwksUrl: url })(signed)).rejects.toMatchObject(away);
    status = 200;
    const nowhere = verifier({ jwksUrl: 'http://127.0.0.1:1/keys' });
    await expect(nowhere(signed)).rejects.toMatchObject(away);
    await expect(nowhere('Bearer nonsense')).rejects.toMatchObject(refused);
  });
});

it('sessions of a provider are checked by the keys it names, for its issuer alone, as soon as it is there', async () => {
  keys = [first.jwk];
  let isAway = true;
  let issuer = '';
  const provider = createServer((_, response) => {
    const endpoints = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: url };
    response.writeHead(isAway ? 503 : 200).end(JSON.stringify({ issuer, ...endpoints }));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  let now = 0;
  const warn = vi.fn();
  const verify = verifier({ oidc: new OidcIssuer(issuer, { warn }, () => now), audience: 'signalbox' });
  const sign = async (claims: object) =>
    `Bearer ${await token(first.privateKey, { alg: 'ES256', kid: 'first' }, claims)}`;
  const right = { iss: issuer, aud: 'signalbox' };
  const away = { code: 'session_keys_unavailable', retryable: true };
  await expect(verify(await sign(right))).rejects.toMatchObject(away);
  isAway = false;
  // Not asked again at once.
  await expect(verify(await sign(right))).rejects.toMatchObject(away);
  expect(warn).toHaveBeenCalledTimes(1);
  now += 5_001;
  expect(await verify(await sign(right))).toMatchObject({ userId: 'ann' });
  for (const wrong of [{}, { ...right, iss: 'https://other' }, { ...right, aud: 'other' }, { iss: issuer }]) {
    await expect(verify(await sign(wrong))).rejects.toMatchObject(refused);
  }
  isAway = true;
  now += 3_600_001;
  expect(await verify(await sign(right))).toBeDefined();
  await new Promise((resolve) => provider.close(resolve));
});

it('a session for another issuer or audience is refused', async () => {
  const secret = 'a secret of at least 32 characters';
  const verify = verifier({ secret, issuer: 'https://id.example', audience: 'signalbox' });
  const sign = (claims: object) => token(new TextEncoder().encode(secret), { alg: 'HS256' }, claims);
  const right = { iss: 'https://id.example', aud: 'signalbox' };
  expect(await verify(`Bearer ${await sign(right)}`)).toBeDefined();
  for (const wrong of [{}, { ...right, iss: 'https://other' }, { ...right, aud: 'other' }]) {
    await expect(verify(`Bearer ${await sign(wrong)}`)).rejects.toMatchObject(refused);
  }
});

it('a user is called by one line that is not too long', async () => {
  const secret = 'a secret of at least 32 characters';
  const sign = (sub: string) => token(new TextEncoder().encode(secret), { alg: 'HS256' }, {}, sub);
  const verify = verifier({ secret });
  expect(await verify(`Bearer ${await sign('x'.repeat(200))}`)).toBeDefined();
  for (const wrong of ['x'.repeat(201), 'two\nlines', 'nul\0', ' ', '\u200b', 'a\u200b', 'system', 'System']) {
    await expect(verify(`Bearer ${await sign(wrong)}`)).rejects.toMatchObject(refused);
  }
});

describe('sessions of API keys', () => {
  const secret = 'a secret of at least 32 characters';
  const { text, ...drawn } = drawApiKey();
  const stored: StoredApiKey = {
    ...drawn,
    name: 'import',
    role: 'SESSION_DEALER',
    brands: ['alpha'],
    created_at: '2026-01-01T00:00:00.000Z',
    created_by: 'ann',
    expires_at: null,
    revoked_at: null,
    revoked_by: null,
  };
  const withKey = (key: Partial<StoredApiKey> | null) =>
    verifier({ secret }, (id) => Promise.resolve(key && id === stored.api_key_id ? { ...stored, ...key } : null));

  it('have the role and the brands of the key, and its name', async () => {
    expect(await withKey({})(`Bearer ${text}`)).toEqual({
      userId: `machine:${stored.api_key_id}`,
      role: 'SESSION_DEALER',
      brands: ['alpha'],
      endsAt: null,
    });
  });

  it.each([
    ['is unknown', null, text],
    ['has been revoked', { revoked_at: '2026-01-02T00:00:00.000Z' }, text],
    ['has ended', { expires_at: '2026-01-02T00:00:00.000Z' }, text],
    ['is another', {}, drawApiKey().text],
    ['has a wrong secret', {}, `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`],
    ['is cut off', {}, text.slice(0, -1)],
  ] as const)('are refused when the key %s', async (_, key, sent) => {
    await expect(withKey(key)(`Bearer ${sent}`)).rejects.toMatchObject(refused);
  });

  it('cannot be had with a token of a person who calls himself so', async () => {
    const forged = await token(new TextEncoder().encode(secret), { alg: 'HS256' }, {}, `machine:${stored.api_key_id}`);
    await expect(withKey({})(`Bearer ${forged}`)).rejects.toMatchObject(refused);
  });

  it('wait for a store that is away', async () => {
    const away = verifier({ secret }, () => Promise.reject(new RetryableError('store_unavailable', 'away')));
    await expect(away(`Bearer ${text}`)).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});
