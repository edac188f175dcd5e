/** Workflow webhooks over HTTP, on a real store and a real Kafka: the handshake, reported events, and their administration. */
import { createHash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createWorkflowWebhooks } from '#libs/store/workflow-webhooks/workflow-webhook.repository.ts';
import { sessionSecret, sessionToken, type Answer } from '../../support/api.ts';
import { registration, ReportingWorld, type MadeWebhook } from '../../support/reporting.ts';
import { uniqueName } from '../../support/servers.ts';
import { tokenSecret } from '../../support/workflow-webhooks.ts';

let world: ReportingWorld;
let hook: MadeWebhook;
let token: string;
beforeAll(async () => {
  world = await ReportingWorld.create();
  hook = await world.made();
  token = await world.token(hook);
});
afterAll(() => world?.close());

const refused = (status: number, code: string) => ({
  status,
  body: { success: false, error: { code, message: expect.any(String) } },
});
const received = { status: 200, body: { success: true, data: { received: true } } };
const bare = ({ status, body }: Answer) => ({ status, body });
const report = (body: unknown, headers?: Record<string, string>) => world.report(hook.id, token, body, headers);
/** Seconds since 1970. */
const now = () => Math.floor(Date.now() / 1000);

function signed(claims: object, secret = tokenSecret, alg = 'HS256'): Promise<string> {
  const all = {
    sub: hook.id,
    aud: 'workflow-webhook',
    jti: 'a',
    iat: now(),
    exp: now() + 300,
    key_id: hook.keyId,
    ...claims,
  };
  return new SignJWT(all).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
}

describe('the handshake', () => {
  it('R-277 R-279 R-280 R-282 R-284 gives a session token for x-api-key, without a body', async () => {
    const answer = await world.handshake(hook.id, { 'x-api-key': hook.key });
    expect(bare(answer)).toEqual({
      status: 200,
      body: { success: true, data: { sessionToken: expect.stringMatching(/^eyJhbGciOiJIUzI1NiIs/), expiresIn: 300 } },
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('R-278 takes the bare key in Authorization', async () => {
    expect(await world.handshake(hook.id, { authorization: hook.key })).toMatchObject({ status: 200 });
  });

  it.each(['Bearer', 'bearer'])('takes the key in Authorization behind %s', async (scheme) => {
    expect(await world.handshake(hook.id, { authorization: `${scheme} ${hook.key}` })).toMatchObject({ status: 200 });
  });

  it('R-281 nests the token in data', async () => {
    const { body } = await world.handshake(hook.id, { 'x-api-key': hook.key });
    expect(Object.keys(body).sort()).toEqual(['data', 'success']);
    expect(Object.keys(body.data!).sort()).toEqual(['expiresIn', 'sessionToken']);
  });

  it('R-283 R-298 refuses a wrong key, none, and that of another workflow', async () => {
    const other = await world.made();
    const almost = hook.key.slice(0, -1) + (hook.key.endsWith('0') ? '1' : '0');
    for (const key of [almost, other.key, 'nonsense', 'Bearer', `${hook.key} `.repeat(2)]) {
      expect(bare(await world.handshake(hook.id, { authorization: key }))).toEqual(
        refused(401, key === 'Bearer' ? 'api_key_missing' : 'api_key_invalid'),
      );
    }
    expect(bare(await world.handshake(hook.id, {}))).toEqual(refused(401, 'api_key_missing'));
  });

  it('refuses two keys that differ, and takes one that is said twice', async () => {
    const other = await world.made();
    const both = (key: string) => world.handshake(hook.id, { authorization: hook.key, 'x-api-key': key });
    expect(bare(await both(other.key))).toEqual(refused(401, 'api_key_invalid'));
    expect(await both(hook.key)).toMatchObject({ status: 200 });
  });

  it('reads no key from the address', async () => {
    const answer = await world.api.ask(`/webhooks/${hook.id}/handshake?x-api-key=${hook.key}&key=${hook.key}`, {
      method: 'POST',
    });
    expect(bare(answer)).toEqual(refused(401, 'api_key_missing'));
  });

  it('refuses a page in a browser', async () => {
    const answer = await world.handshake(hook.id, { 'x-api-key': hook.key, origin: 'https://broker.example' });
    expect(bare(answer)).toEqual(refused(403, 'origin_refused'));
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('R-286 says in the token whom it is for, and how long', async () => {
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' });
    const claims = decodeJwt(token);
    expect(claims).toEqual({
      sub: hook.id,
      aud: 'workflow-webhook',
      jti: expect.any(String),
      key_id: hook.keyId,
      iat: expect.any(Number),
      exp: claims.iat! + 300,
    });
    expect(decodeJwt(await world.token(hook)).jti).not.toBe(claims.jti);
  });

  it('R-298 answers 404 where there is no such workflow, with or without a key', async () => {
    for (const headers of [{}, { 'x-api-key': hook.key }] as Record<string, string>[]) {
      expect(bare(await world.handshake('nobody', headers))).toEqual(refused(404, 'not_found'));
      expect(bare(await world.api.ask('/webhooks/nobody', { method: 'POST', headers }))).toEqual(
        refused(404, 'not_found'),
      );
    }
  });

  it('R-298 gives none for a workflow that is disabled', async () => {
    const { id, key } = await world.made({ enabled: false });
    expect(bare(await world.handshake(id, { 'x-api-key': key }))).toEqual(refused(403, 'token_exchange_disabled'));
    expect(bare(await world.handshake(id, { 'x-api-key': hook.key }))).toEqual(refused(401, 'api_key_invalid'));
  });

  it('answers 503 where no secret is set', async () => {
    const api = await world.startApi({ WEBHOOK_TOKEN_SECRET: '' });
    expect(bare(await world.handshake(hook.id, { 'x-api-key': hook.key }, api))).toEqual(refused(503, 'unavailable'));
    expect(bare(await world.report(hook.id, token, registration(), {}, api))).toEqual(refused(503, 'unavailable'));
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('takes no %s', async (method) => {
    for (const path of ['', '/handshake']) {
      const answer = await world.api.ask(`/webhooks/${hook.id}${path}`, { method, headers: { 'x-api-key': hook.key } });
      expect(bare(answer)).toEqual(refused(405, 'method_not_allowed'));
      expect(answer.headers.get('allow')).toBe('POST');
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

describe('a reported event', () => {
  it('R-287 R-288 R-289 R-293 R-295 is taken with a session token, and is on Kafka when it is acknowledged', async () => {
    const event = registration();
    expect(bare(await report(event))).toEqual(received);
    const { customerId } = event;
    expect(await world.publishedOf(customerId)).toEqual([
      {
        id: expect.stringMatching(/^wh:[0-9a-f]{64}$/),
        type: 'customer.registered',
        occurredAt: '2026-11-21T09:30:00.000Z',
        brand: 'alpha',
        customerId,
        data: event,
      },
    ]);
  });

  it('R-286 comes with a token that was used before, and with one of two that were given', async () => {
    const second = await world.token(hook);
    for (const one of [token, second, token]) {
      expect(await world.report(hook.id, one, registration())).toMatchObject({ status: 200 });
    }
  });

  it('R-290 is refused with a token that has ended', async () => {
    const ended = await signed({ iat: now() - 301, exp: now() - 1 });
    expect(bare(await world.report(hook.id, ended, registration()))).toEqual(refused(401, 'session_token_expired'));
  });

  it('R-290 is refused with a token that ends while it is remembered', async () => {
    const short = await signed({ exp: now() + 2 });
    expect(await world.report(hook.id, short, registration())).toMatchObject({ status: 200 });
    let answer: Answer;
    do answer = await world.report(hook.id, short, registration());
    while (answer.status === 200);
    expect(bare(answer)).toEqual(refused(401, 'session_token_expired'));
  });

  it('R-291 is refused with a token of another workflow', async () => {
    const other = await world.token(await world.made());
    expect(bare(await world.report(hook.id, other, registration()))).toEqual(refused(401, 'session_token_invalid'));
  });

  it.each([
    ['signed with the secret of sessions', () => signed({}, sessionSecret)],
    ['of a manager', () => sessionToken('SESSION_ADMIN')],
    ['signed with another algorithm', () => signed({}, tokenSecret, 'HS512')],
    ['for another audience', () => signed({ aud: 'signalbox' })],
    ['that lives for long', () => signed({ exp: now() + 3600 })],
    ['from the future', () => signed({ iat: now() + 60, exp: now() + 360 })],
    ['for a key that there is not', () => signed({ key_id: '0'.repeat(16) })],
    ['for no key', () => signed({ key_id: undefined })],
    [
      'that is not signed',
      () => Promise.resolve(`${btoa('{"alg":"none"}').replace(/=+$/, '')}.${token.split('.')[1]}.`),
    ],
    ['that is none', () => Promise.resolve('nonsense')],
    ['that is sent twice', () => Promise.resolve(`${token}, ${token}`)],
  ])('R-298 is refused with a token %s', async (_, make) => {
    const event = registration();
    expect(bare(await world.report(hook.id, await make(), event))).toEqual(refused(401, 'session_token_invalid'));
    expect(await world.publishedOf(event.customerId)).toEqual([]);
  });

  it('is taken with a token of a process whose clock is some seconds ahead', async () => {
    const ahead = await signed({ iat: now() + 4, exp: now() + 304 });
    expect(await world.report(hook.id, ahead, registration())).toMatchObject({ status: 200 });
  });

  it('R-292 R-298 is refused with the API key in place of a token', async () => {
    for (const headers of [{ 'x-api-key': hook.key }, { authorization: hook.key }] as Record<string, string>[]) {
      const answer = await world.api.ask(`/webhooks/${hook.id}`, { method: 'POST', body: registration(), headers });
      expect(bare(answer)).toEqual(refused(401, 'session_token_missing'));
    }
  });

  it('R-294 R-298 is refused where it is no JSON object, or says a name twice', async () => {
    const { customerId } = registration();
    for (const body of [
      '',
      '{"a":',
      '[]',
      'null',
      '"text"',
      `{"eventType":"user.registered","customerId":"${customerId}","customerId":"x","occurredAt":"2026-11-21T09:30:00.000Z"}`,
    ]) {
      expect(bare(await report(body))).toEqual(refused(400, 'bad_request'));
    }
    expect(await world.publishedOf(customerId)).toEqual([]);
  });

  it.each([
    ['without eventType', { eventType: undefined }, 'eventType'],
    ['with an eventType without a dot', { eventType: 'registered' }, 'eventType'],
    ['with an eventType that is none', { eventType: 7 }, 'eventType'],
    ['without customerId', { customerId: undefined }, 'customerId'],
    ['with an empty customerId', { customerId: '' }, 'customerId'],
    ['with a customerId that is a number', { customerId: 7 }, 'customerId'],
    ['without occurredAt', { occurredAt: undefined }, 'occurredAt'],
    ['with null for occurredAt', { occurredAt: null }, 'occurredAt'],
    ['with a day alone', { occurredAt: '2026-11-21' }, 'occurredAt'],
    ['with no time', { occurredAt: 'yesterday' }, 'occurredAt'],
    ['with a day that there is not', { occurredAt: '2026-02-30T00:00:00Z' }, 'occurredAt'],
    ['with a number for a time', { occurredAt: 1_763_717_400_000 }, 'occurredAt'],
    ['with an email that is no text', { email: 1 }, 'email'],
    ['with a number that loses digits', { amount: 2 ** 53 }, 'amount'],
    ['with half a character', { note: 'a\ud800' }, 'note'],
    ['with a name that is half a character', JSON.parse('{"\\ud800":1}') as object, '["\\ud800"]'],
    ['with a member __proto__', JSON.parse('{"a":{"__proto__":{"b":1}}}') as object, 'a.__proto__'],
    ['with accounts that are no list', { tradingAccounts: {} }, 'tradingAccounts'],
    [
      'with an account of an unknown platform',
      { tradingAccounts: [{ platform: 'MT6', login: 1 }] },
      'tradingAccounts[0].platform',
    ],
    ['with an account without login', { tradingAccounts: [{ platform: 'MT4' }] }, 'tradingAccounts[0].login'],
    ['with an account that is none', { tradingAccounts: [7] }, 'tradingAccounts[0]'],
    ['with an idempotencyKey that is none', { idempotencyKey: 'a b' }, 'idempotencyKey'],
  ])('R-294 R-298 is refused %s', async (_, more, place) => {
    const event = registration(more);
    const answer = await report(event);
    expect(answer).toMatchObject(refused(422, 'invalid_payload'));
    expect(answer.body.error!.details!.map(({ path }) => path)).toContain(place);
    expect(await world.publishedOf(event.customerId)).toEqual([]);
  });

  it('R-294 is refused where the ingress would send it to the dead letters', async () => {
    expect(await report(registration({ eventType: 'trade.opened' }))).toMatchObject(refused(422, 'invalid_payload'));
    expect(await report(registration({ brand: { name: 'alpha' } }))).toMatchObject(refused(422, 'invalid_payload'));
    const big = { note: 'x'.repeat(250_000) };
    expect(bare(await report(registration(big)))).toEqual(refused(413, 'too_large'));
    // Fits into the limit of bodies, and is larger when it is written out.
    const grown = JSON.stringify(registration()).replace(/}$/, `,"n":[${'1e15,'.repeat(45_000)}1]}`);
    expect(bare(await report(grown))).toEqual(refused(413, 'too_large'));
    const deep = (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;
    const nested = (levels: number) => JSON.stringify(registration()).replace(/}$/, `,"n":${deep(levels)}}`);
    expect(bare(await report(nested(62)))).toEqual(received);
    for (const levels of [64, 1_000, 20_000])
      expect(await report(nested(levels))).toMatchObject(refused(422, 'invalid_payload'));
  });

  it('OP-D10 may be as old as it likes, and no more than five minutes ahead', async () => {
    const at = (ms: number) => report(registration({ occurredAt: new Date(Date.now() + ms).toISOString() }));
    expect(await report(registration({ occurredAt: '1999-12-31T23:59:59+02:00' }))).toMatchObject({ status: 200 });
    expect(await at(4 * 60_000)).toMatchObject({ status: 200 });
    expect(await at(6 * 60_000)).toMatchObject(refused(422, 'invalid_payload'));
  });

  it.each([
    ['user.registered', 'customer.registered'],
    ['user.first_deposit', 'customer.ftd'],
    ['user.kyc_updated', 'customer.status_changed'],
    ['user.status_changed', 'customer.status_changed'],
    ['reward.redeemed', 'reward.redeemed'],
    ['loyalty.tier-reached', 'loyalty.tier-reached'],
    ['constructor.name', 'constructor.name'],
  ])('R-296 R-299 of type %s becomes %s', async (eventType, type) => {
    const event = registration({ eventType });
    expect(await report(event)).toMatchObject({ status: 200 });
    expect(await world.publishedOf(event.customerId)).toMatchObject([{ type, data: { eventType } }]);
  });

  it('R-299 becomes what its own workflow says', async () => {
    const own = await world.made({ event_types: { 'kyc.passed': 'customer.kyc_changed' } });
    const first = registration({ eventType: 'kyc.passed' });
    const second = registration();
    const given = await world.token(own);
    for (const event of [first, second])
      expect(await world.report(own.id, given, event)).toMatchObject({ status: 200 });
    expect(await world.publishedOf(first.customerId)).toMatchObject([{ type: 'customer.kyc_changed' }]);
    expect(await world.publishedOf(second.customerId)).toMatchObject([{ type: 'user.registered' }]);
  });

  it('R-300 R-302 names its customer and the time at the broker, whenever it comes', async () => {
    const event = registration({ occurredAt: '2020-02-29T12:00:00.5+02:00' });
    expect(await report(event)).toMatchObject({ status: 200 });
    expect(await world.publishedOf(event.customerId)).toMatchObject([
      {
        customerId: event.customerId,
        occurredAt: '2020-02-29T10:00:00.500Z',
        data: { occurredAt: event['occurredAt'] },
      },
    ]);
  });

  it('R-301 names accounts beside its customer: the login of one, and of several none', async () => {
    const one = registration({ tradingAccounts: [{ platform: 'MT5', login: 1234567 }] });
    const two = registration({
      tradingAccounts: [
        { platform: 'MT4', login: 1234567 },
        { platform: 'MT5', login: 7654321 },
      ],
    });
    for (const event of [one, two]) expect(await report(event)).toMatchObject({ status: 200 });
    expect(await world.publishedOf(one.customerId)).toMatchObject([{ login: 1234567, data: one }]);
    const [several] = await world.publishedOf(two.customerId);
    expect(several).toMatchObject({ data: two });
    expect(several).not.toHaveProperty('login');
  });

  it('OP-D8 may have members nobody knows', async () => {
    const event = registration({ affiliate: { id: 7, tags: ['a', null] } });
    expect(await report(event)).toMatchObject({ status: 200 });
    expect(await world.publishedOf(event.customerId)).toMatchObject([{ data: event }]);
  });

  it.each([
    [{ password: 'x1y2' }, 'password'],
    [{ Pass_Word: 'x1y2' }, 'Pass_Word'],
    [{ account: { 'MT-Password': 'x1y2' } }, 'account.MT-Password'],
    [{ list: [1, [{ InvestorPassword: 'x1y2' }]] }, 'list[1][0].InvestorPassword'],
    [{ master_password: null }, 'master_password'],
    [{ API_KEY: { any: 'x1y2' } }, 'API_KEY'],
    [{ accessKey: 'x1y2' }, 'accessKey'],
    [{ secretKey: 'x1y2' }, 'secretKey'],
    [{ 'private-key': 'x1y2' }, 'private-key'],
    [{ SECRET: 'x1y2' }, 'SECRET'],
    [{ access_token: 'x1y2' }, 'access_token'],
    [{ refreshToken: 'x1y2' }, 'refreshToken'],
    [{ sessionToken: 'x1y2' }, 'sessionToken'],
    [{ credentials: ['x1y2'] }, 'credentials'],
    [{ ｐassword: 'x1y2' }, '["ｐassword"]'],
  ])('R-306 is refused with %j, of which nothing is stored', async (more, path) => {
    const event = registration(more);
    const answer = await report(event);
    expect(answer).toMatchObject(refused(422, 'forbidden_field'));
    expect(answer.body.error!.details).toEqual([{ path, code: 'forbidden_field', message: expect.any(String) }]);
    expect(answer.body.error!.message).toContain(path);
    expect(JSON.stringify(answer.body)).not.toContain('x1y2');
    expect(await world.publishedOf(event.customerId)).toEqual([]);
    const stored = await world.store.connection.collection('webhook_claims').find().toArray();
    expect(JSON.stringify(stored)).not.toContain('x1y2');
    // The same event without it is no repetition of something.
    expect(await report(registration({ customerId: event.customerId }))).toMatchObject({ status: 200 });
  });

  it('may be called like something that only begins or ends as a credential does', async () => {
    const event = registration({ passwordChangedAt: 'today', secretary: 'Eve', hasApiKey: true });
    expect(await report(event)).toMatchObject({ status: 200 });
  });
});

describe('an event that is reported again', () => {
  const claims = () => world.store.connection.collection('webhook_claims').countDocuments();

  it.each([
    ['the header Idempotency-Key', (key: string, event: object) => report(event, { 'idempotency-key': key })],
    ['the member idempotencyKey', (key: string, event: object) => report({ ...event, idempotencyKey: key })],
    ['neither', (_: string, event: object) => report(event)],
  ])('R-303 R-307 is published once, with %s', async (_, send) => {
    const event = registration();
    const key = uniqueName('key');
    const before = await claims();
    const publications = async () =>
      (await world.store.connection.collection<{ claims: string[] }>('webhook_publications').find().toArray()).flatMap(
        (one) => one.claims,
      ).length;
    const noted = await publications();
    expect(bare(await send(key, event))).toEqual(received);
    while ((await publications()) === noted);
    for (let n = 0; n < 3; n += 1) expect(bare(await send(key, event))).toEqual(received);
    expect(await world.publishedOf(event.customerId)).toHaveLength(1);
    expect(await claims()).toBe(before + 1);
  });

  it('R-304 is the same with a new session token, and at another process', async () => {
    const event = registration();
    const key = { 'idempotency-key': uniqueName('key') };
    const elsewhere = await world.startApi();
    expect(bare(await report(event, key))).toEqual(received);
    const fresh = await world.token(hook);
    expect(bare(await world.report(hook.id, fresh, event, key, elsewhere))).toEqual(received);
    const ids = (await world.publishedOf(event.customerId)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
  });

  it('R-307 is the same whether header or body says the key, and in whatever order its members come', async () => {
    const event = registration();
    const key = uniqueName('key');
    expect(bare(await report(event, { 'idempotency-key': key }))).toEqual(received);
    const turned = Object.fromEntries(Object.entries({ ...event, idempotencyKey: key }).reverse());
    expect(bare(await report(turned, { 'idempotency-key': key }))).toEqual(received);
    expect(bare(await report(turned))).toEqual(received);
    expect(new Set((await world.publishedOf(event.customerId)).map(({ id }) => id)).size).toBe(1);
  });

  it('R-307 is refused where header and body differ', async () => {
    const answer = await report(registration({ idempotencyKey: 'a' }), { 'idempotency-key': 'b' });
    expect(answer).toMatchObject(refused(422, 'invalid_payload'));
    expect(answer.body.error!.details).toMatchObject([{ path: 'idempotencyKey' }]);
  });

  it.each(['a b', 'x'.repeat(256), 'ü'])('R-307 is refused with the header %j', async (key) => {
    expect(await report(registration(), { 'idempotency-key': key })).toMatchObject(refused(422, 'invalid_payload'));
  });

  it('R-298 is refused with another payload under its key, or under its fingerprint', async () => {
    const event = registration();
    const key = { 'idempotency-key': uniqueName('key') };
    expect(bare(await report(event, key))).toEqual(received);
    expect(bare(await report({ ...event, email: 'other@example.com' }, key))).toEqual(
      refused(409, 'idempotency_conflict'),
    );
    expect(bare(await report(event))).toEqual(received);
    expect(bare(await report({ ...event, email: 'other@example.com' }))).toEqual(refused(409, 'idempotency_conflict'));
  });

  it('is another one of another workflow, and under another key', async () => {
    const event = registration();
    const other = await world.made();
    const key = { 'idempotency-key': uniqueName('key') };
    expect(bare(await report(event, key))).toEqual(received);
    expect(bare(await world.report(other.id, await world.token(other), event, key))).toEqual(received);
    expect(bare(await report(event, { 'idempotency-key': uniqueName('key') }))).toEqual(received);
    expect(new Set((await world.publishedOf(event.customerId)).map(({ id }) => id)).size).toBe(3);
  });

  it('at once, many times and at two processes, is one event', async () => {
    const event = registration();
    const elsewhere = await world.startApi();
    const key = { 'idempotency-key': uniqueName('key') };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        world.report(hook.id, token, event, key, n % 2 === 0 ? world.api : elsewhere),
      ),
    );
    expect(answers.map(bare)).toEqual(answers.map(() => received));
    expect(new Set((await world.publishedOf(event.customerId)).map(({ id }) => id)).size).toBe(1);
  });

  it('at once with different payloads, is taken for one of them', async () => {
    const event = registration();
    const key = { 'idempotency-key': uniqueName('key') };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => report({ ...event, email: `${n}@example.com` }, key)),
    );
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
    const [published, ...others] = await world.publishedOf(event.customerId);
    expect(others).toEqual([]);
    expect(published!.data['email']).toBe(`${answers.findIndex(({ status }) => status === 200)}@example.com`);
  });

  it('whose process died before it was published, is published under the brand and type it was claimed with', async () => {
    const own = await world.made();
    const given = await world.token(own);
    const event = registration();
    expect(bare(await world.report(own.id, given, event))).toEqual(received);
    const [first] = await world.publishedOf(event.customerId);
    // What is noted is what a process that died does not say.
    await world.noted(own.id);
    await world.store.connection.collection('webhook_publications').deleteMany({});
    await world.admin('PATCH', `/${own.id}`, { brand: 'beta', event_types: {} });
    expect(bare(await world.report(own.id, given, event))).toEqual(received);
    expect(await world.publishedOf(event.customerId)).toEqual([first, first]);
  });

  it('after it was forgotten, is the same event, and another payload is another', async () => {
    const event = registration();
    const key = { 'idempotency-key': uniqueName('key') };
    expect(bare(await report(event, key))).toEqual(received);
    await world.store.connection.collection('webhook_claims').deleteMany({});
    await world.store.connection.collection('webhook_publications').deleteMany({});
    expect(bare(await report(event, key))).toEqual(received);
    await world.store.connection.collection('webhook_claims').deleteMany({});
    expect(bare(await report({ ...event, email: 'other@example.com' }, key))).toEqual(received);
    const ids = (await world.publishedOf(event.customerId)).map(({ id }) => id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});

describe('legacy direct key mode', () => {
  it('R-309 is off for a new workflow', async () => {
    const { id } = await world.made();
    expect(await world.admin('GET', `/${id}`)).toMatchObject({
      body: { data: { webhook: { token_exchange: 'required' } } },
    });
  });

  it('R-308 R-310 takes the API key itself where it is on, and there alone', async () => {
    const legacy = await world.made({ token_exchange: 'disabled' });
    const send = (headers: Record<string, string>, id = legacy.id) =>
      world.api.ask(`/webhooks/${id}`, { method: 'POST', body: registration(), headers });
    for (const headers of [
      { authorization: legacy.key },
      { authorization: `Bearer ${legacy.key}` },
      { 'x-api-key': legacy.key },
    ] as Record<string, string>[]) {
      expect(bare(await send(headers))).toEqual(received);
    }
    expect(bare(await send({}))).toEqual(refused(401, 'api_key_missing'));
    expect(bare(await send({ 'x-api-key': hook.key }))).toEqual(refused(401, 'api_key_invalid'));
    expect(bare(await send({ 'x-session-token': token }))).toEqual(refused(401, 'api_key_missing'));
    expect(bare(await world.handshake(legacy.id, { 'x-api-key': legacy.key }))).toEqual(
      refused(403, 'token_exchange_disabled'),
    );
    expect(bare(await send({ 'x-api-key': hook.key }, hook.id))).toEqual(refused(401, 'session_token_missing'));
  });

  it('R-310 is switched for a single workflow', async () => {
    const one = await world.made();
    const send = () =>
      world.api.ask(`/webhooks/${one.id}`, { method: 'POST', body: registration(), headers: { 'x-api-key': one.key } });
    expect(bare(await send())).toEqual(refused(401, 'session_token_missing'));
    await world.admin('PATCH', `/${one.id}`, { token_exchange: 'disabled' });
    expect(bare(await send())).toEqual(received);
    await world.admin('PATCH', `/${one.id}`, { token_exchange: 'required' });
    expect(bare(await send())).toEqual(refused(401, 'session_token_missing'));
  });
});

describe('a workflow webhook', () => {
  it('is made, read, changed and deleted, each on record, and shows both addresses', async () => {
    const id = uniqueName('wf');
    const answer = await world.admin('POST', '', { id, name: 'registrations', brand: 'alpha' });
    expect(answer.status).toBe(201);
    const { webhook, key } = answer.body.data as { webhook: Record<string, unknown>; key: string };
    expect(key).toMatch(/^whk_[0-9a-f]{16}_[0-9a-f]{64}$/);
    expect(webhook).toMatchObject({
      id,
      brand: 'alpha',
      enabled: true,
      token_exchange: 'required',
      event_types: { 'user.registered': 'customer.registered', 'user.first_deposit': 'customer.ftd' },
      version: 1,
      handshake_url: `${world.api.url}/webhooks/${id}/handshake`,
      webhook_url: `${world.api.url}/webhooks/${id}`,
      created_by: 'alice',
    });
    expect((await world.admin('GET', `/${id}`)).body.data!['webhook']).toEqual(webhook);
    expect(await world.admin('POST', '', { id, name: 'again' })).toMatchObject(refused(409, 'webhook_exists'));
    expect(await world.admin('PATCH', `/${id}`, { name: 'kyc', version: 1 })).toMatchObject({
      body: { data: { webhook: { name: 'kyc', version: 2 } } },
    });
    expect(await world.admin('PATCH', `/${id}`, { name: 'x', version: 1 })).toMatchObject(
      refused(409, 'version_conflict'),
    );
    expect(await world.admin('DELETE', `/${id}`)).toMatchObject({ status: 200, body: { data: { id } } });
    for (const [method, more] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/rotate'],
      ['DELETE', '/keys/x'],
    ] as const) {
      expect(await world.admin(method, `/${id}${more}`)).toMatchObject(refused(404, 'webhook_not_found'));
    }
    const noted = await createAuditLog(world.store.connection).list({ target: `webhook/${id}` });
    expect(noted.items.map(({ operation, by, outcome }) => `${operation} ${by} ${outcome}`)).toEqual([
      'webhook.delete alice done',
      'webhook.update alice refused',
      'webhook.update alice done',
      'webhook.create alice refused',
      'webhook.create alice done',
    ]);
  });

  it('shows its addresses as API_PUBLIC_URL has them', async () => {
    const api = await world.startApi({ API_PUBLIC_URL: 'https://hooks.example.com/' });
    expect(await api.as('SESSION_ADMIN', `/api/workflow/webhooks/${hook.id}`)).toMatchObject({
      body: { data: { webhook: { webhook_url: `https://hooks.example.com/webhooks/${hook.id}` } } },
    });
  });

  it('shows its key once, and keeps a hash of it that no answer holds', async () => {
    const { id, key, keyId } = await world.made();
    const rotated = await world.admin('POST', `/${id}/rotate`);
    const stored = (await createWorkflowWebhooks(world.store.connection).get(id))!;
    const hashes = stored.keys.map(({ hash }) => hash);
    expect(hashes).toContain(createHash('sha256').update(key.split('_')[2]!).digest('hex'));
    const seen = JSON.stringify([
      rotated.body.data!['webhook'],
      (await world.admin('GET', `/${id}`)).body,
      (await world.admin('GET', '?limit=500')).body,
      (await world.admin('PATCH', `/${id}`, { name: 'x' })).body,
      (await createAuditLog(world.store.connection).list({ target: `webhook/${id}` })).items,
      (await world.store.connection.collection('workflow_webhooks').find().toArray()).map(
        ({ keys: _keys, ...rest }) => rest,
      ),
    ]);
    expect(seen).toContain(keyId);
    for (const secret of [key, String(rotated.body.data!['key'])]) expect(seen).not.toContain(secret.slice(24));
    for (const hash of hashes) expect(seen).not.toContain(hash);
  });

  it('takes the key before a rotation for a while, and the tokens given for it', async () => {
    const one = await world.made();
    const before = await world.token(one);
    const rotated = await world.admin('POST', `/${one.id}/rotate`);
    const key = String(rotated.body.data!['key']);
    const ends = (rotated.body.data!['webhook'] as { keys: { ends_at: string | null }[] }).keys.map((k) => k.ends_at);
    expect(ends[0]).toBeNull();
    expect((Date.parse(ends[1]!) - Date.now()) / 3_600_000).toBeCloseTo(24, 1);
    for (const valid of [one.key, key]) {
      expect(await world.handshake(one.id, { 'x-api-key': valid })).toMatchObject({ status: 200 });
    }
    expect(await world.report(one.id, before, registration())).toMatchObject({ status: 200 });
  });

  it('refuses the key before a rotation without an overlap at once, and the tokens given for it', async () => {
    const one = await world.made();
    const before = await world.token(one);
    await world.admin('POST', `/${one.id}/rotate`, { overlap_hours: 0 });
    expect(bare(await world.handshake(one.id, { 'x-api-key': one.key }))).toEqual(refused(401, 'api_key_invalid'));
    expect(bare(await world.report(one.id, before, registration()))).toEqual(refused(401, 'session_token_invalid'));
  });

  it('refuses a key that was revoked, and the tokens given for it, from the next request on', async () => {
    const one = await world.made();
    const before = await world.token(one);
    const elsewhere = await world.startApi();
    expect(await world.report(one.id, before, registration(), {}, elsewhere)).toMatchObject({ status: 200 });
    const key = String((await world.admin('POST', `/${one.id}/rotate`)).body.data!['key']);
    expect(await world.admin('DELETE', `/${one.id}/keys/${one.keyId}`)).toMatchObject({ status: 200 });
    expect(bare(await world.handshake(one.id, { 'x-api-key': one.key }))).toEqual(refused(401, 'api_key_invalid'));
    expect(bare(await world.report(one.id, before, registration()))).toEqual(refused(401, 'session_token_invalid'));
    expect(await world.handshake(one.id, { 'x-api-key': key })).toMatchObject({ status: 200 });
    expect(await world.admin('DELETE', `/${one.id}/keys/${one.keyId}`)).toMatchObject(
      refused(404, 'webhook_key_not_found'),
    );
    // Another process hears of it within a second.
    const since = performance.now();
    while ((await world.report(one.id, before, registration(), {}, elsewhere)).status === 200);
    expect(performance.now() - since).toBeLessThan(2_000);
  });

  it('has five valid keys at most, one of which may be the last to go', async () => {
    const one = await world.made();
    const rotate = () => world.admin('POST', `/${one.id}/rotate`);
    for (let n = 0; n < 4; n += 1) expect(await rotate()).toMatchObject({ status: 200 });
    expect(await rotate()).toMatchObject(refused(409, 'too_many_keys'));
    const { webhook } = (await world.admin('GET', `/${one.id}`)).body.data as {
      webhook: { keys: { key_id: string }[] };
    };
    for (const { key_id } of webhook.keys) await world.admin('DELETE', `/${one.id}/keys/${key_id}`);
    expect(bare(await world.handshake(one.id, { 'x-api-key': one.key }))).toEqual(refused(401, 'api_key_invalid'));
    expect(await rotate()).toMatchObject({ status: 200 });
  });

  it('that is made anew under its id takes neither the key nor the tokens of the one before', async () => {
    const one = await world.made();
    const before = await world.token(one);
    await world.admin('DELETE', `/${one.id}`);
    expect(bare(await world.report(one.id, before, registration()))).toEqual(refused(404, 'not_found'));
    expect(bare(await world.handshake(one.id, { 'x-api-key': one.key }))).toEqual(refused(404, 'not_found'));
    await world.made({ id: one.id });
    expect(bare(await world.handshake(one.id, { 'x-api-key': one.key }))).toEqual(refused(401, 'api_key_invalid'));
    expect(bare(await world.report(one.id, before, registration()))).toEqual(refused(401, 'session_token_invalid'));
  });

  it('that was disabled takes no events, and takes them again when it is enabled', async () => {
    const one = await world.made();
    const given = await world.token(one);
    await world.admin('PATCH', `/${one.id}`, { enabled: false });
    const event = registration();
    expect(bare(await world.report(one.id, given, event))).toEqual(refused(403, 'webhook_disabled'));
    await world.admin('PATCH', `/${one.id}`, { enabled: true });
    expect(bare(await world.report(one.id, given, event))).toEqual(received);
  });

  it('is known to another process at once', async () => {
    const elsewhere = await world.startApi();
    await world.handshake(hook.id, { 'x-api-key': hook.key }, elsewhere);
    for (let n = 0; n < 5; n += 1) {
      const one = await world.made();
      expect(await world.handshake(one.id, { 'x-api-key': one.key }, elsewhere)).toMatchObject({ status: 200 });
    }
  });

  it('OP-D11 takes as many events a minute as it is said to', async () => {
    const one = await world.made({ rate_limit: 3 });
    const given = await world.token(one);
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await world.report(one.id, given, registration())).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const answer = await world.report(one.id, given, registration());
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is listed page by page', async () => {
    const session = { brands: ['paged'] };
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push((await world.made({ brand: 'paged' })).id);
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await world.admin('GET', `?limit=2${cursor}`, undefined, session);
      seen.push(...(body.data!['webhooks'] as { id: string }[]).map(({ id }) => id));
      if (body.data!['next_cursor'] === null) break;
      cursor = `&cursor=${String(body.data!['next_cursor'])}`;
    }
    expect(seen).toEqual(ids.toSorted());
    expect(await world.admin('GET', '?cursor=nonsense!')).toMatchObject(refused(400, 'invalid_input'));
  });

  it.each([
    ['without an id', { id: undefined }, 'id'],
    ['with a colon in its id', { id: 'a:b' }, 'id'],
    ['without a name', { name: undefined }, 'name'],
    ['with an exchange nobody knows', { token_exchange: 'maybe' }, 'token_exchange'],
    ['with a type without a dot', { event_types: { registered: 'customer.registered' } }, 'event_types.registered'],
    ['with a trigger that records alone fire', { event_types: { 'a.b': 'trade.opened' } }, 'event_types.a.b'],
    ['with a limit of nothing', { rate_limit: 0 }, 'rate_limit'],
    ['with a member nobody knows', { colour: 'red' }, 'colour'],
  ])('is refused %s', async (_, more, path) => {
    const answer = await world.admin('POST', '', { id: uniqueName('wf'), name: 'a', ...more });
    expect(answer).toMatchObject(refused(422, 'invalid_body'));
    expect(answer.body.error!.details!.map((detail) => detail.path)).toEqual([path]);
  });

  it('is made and seen within the brands of a session', async () => {
    const alpha = { brands: ['alpha'] };
    const two = { brands: ['alpha', 'gamma'] };
    const make = (more: object, session: object) =>
      world.admin('POST', '', { id: uniqueName('wf'), name: 'a', ...more }, session);
    expect(await make({}, alpha)).toMatchObject({ body: { data: { webhook: { brand: 'alpha' } } } });
    for (const [more, session] of [
      [{ brand: 'beta' }, alpha],
      [{}, two],
      [{ brand: null }, two],
    ] as const) {
      expect(await make(more, session)).toMatchObject(refused(403, 'access_denied'));
    }
    const other = await world.made({ brand: 'beta' });
    const none = await world.made({ brand: null });
    for (const { id } of [other, none]) {
      expect(await world.admin('GET', `/${id}`, undefined, alpha)).toMatchObject(refused(404, 'webhook_not_found'));
      expect(await world.admin('PATCH', `/${id}`, { name: 'x' }, alpha)).toMatchObject(
        refused(404, 'webhook_not_found'),
      );
    }
    const own = await world.made();
    expect(await world.admin('PATCH', `/${own.id}`, { brand: 'beta' }, alpha)).toMatchObject(
      refused(403, 'access_denied'),
    );
  });
});
