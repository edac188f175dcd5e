import type { Request } from 'express';
import { describe, expect, it } from 'vitest';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { drawWebhookKey } from '#libs/domain/workflow-webhooks/webhook-key.ts';
import type { StoredWorkflowWebhook } from '#libs/domain/workflow-webhooks/workflow-webhook.ts';
import { RateLimit } from '../auth/rate-limiter.ts';
import { ApiError } from '../http/api.error.ts';
import { SessionTokens } from './session-tokens.ts';
import { WebhookDoors } from './webhook-doors.ts';

const made = drawWebhookKey('test', new Date());
const webhook = { id: 'kyc', enabled: true, token_exchange: 'required', keys: [made.key] } as unknown;

function requestWith(headers: Record<string, string>): Request {
  const rawHeaders = Object.entries(headers).flat();
  return { headers, rawHeaders, ip: '192.0.2.1' } as unknown as Request;
}

class World {
  readonly known = new Map<string, StoredWorkflowWebhook>();
  readonly looks: string[] = [];
  now = Date.now();
  refresh: () => Promise<void> = () => Promise.resolve();
  readonly doors: WebhookDoors;

  constructor(failures = 100) {
    this.known.set('kyc', webhook as StoredWorkflowWebhook);
    this.doors = new WebhookDoors({
      cache: {
        get: (id) => {
          this.looks.push('get');
          return Promise.resolve(this.known.get(id));
        },
        refresh: () => {
          this.looks.push('refresh');
          return this.refresh();
        },
      },
      tokens: new SessionTokens('a secret of at least 32 characters', () => this.now),
      failures: new RateLimit(failures),
    });
  }
}

describe('WebhookDoors', () => {
  it('look twice at strangers, whether there is such a workflow or not, and once at others', async () => {
    const looks: string[] = [];
    const wrong = { 'x-api-key': drawWebhookKey('test', new Date()).text };
    for (const [id, headers] of [
      ['none', wrong],
      ['kyc', wrong],
      ['none', {}],
      ['kyc', {}],
    ] as [string, Record<string, string>][]) {
      const world = new World();
      await expect(world.doors.handshake(id, requestWith(headers))).rejects.toBeInstanceOf(ApiError);
      await expect(world.doors.webhookOf(id, requestWith(headers))).rejects.toBeInstanceOf(ApiError);
      looks.push(world.looks.join());
    }
    expect(new Set(looks)).toEqual(new Set(['get,refresh,get,get,refresh,get']));
    const world = new World();
    const { sessionToken } = await world.doors.handshake('kyc', requestWith({ 'x-api-key': made.text }));
    await world.doors.webhookOf('kyc', requestWith({ 'x-session-token': sessionToken }));
    expect(world.looks).toEqual(['get', 'get']);
  });

  it('know what was made a moment ago', async () => {
    const world = new World();
    world.refresh = () => {
      world.known.set('new', { ...(webhook as StoredWorkflowWebhook), id: 'new' });
      return Promise.resolve();
    };
    await expect(world.doors.handshake('new', requestWith({ authorization: made.text }))).resolves.toMatchObject({
      expiresIn: 300,
    });
  });

  it('do not look at the store for strangers beyond the limit', async () => {
    const world = new World(2);
    const ask = () => world.doors.handshake('kyc', requestWith({ 'x-api-key': 'x' }));
    for (const status of [401, 401, 429]) await expect(ask()).rejects.toMatchObject({ status });
    expect(world.looks.filter((look) => look === 'refresh').length).toBe(2);
  });

  it('count a token that has ended against nobody', async () => {
    const world = new World(1);
    const { sessionToken } = await world.doors.handshake('kyc', requestWith({ 'x-api-key': made.text }));
    world.now += 301_000;
    const ask = () => world.doors.webhookOf('kyc', requestWith({ 'x-session-token': sessionToken }));
    for (let n = 0; n < 5; n += 1) await expect(ask()).rejects.toMatchObject({ code: 'session_token_expired' });
  });

  it('R-290 take a token to its last second', async () => {
    const world = new World();
    world.now = Math.floor(world.now / 1000) * 1000;
    const { sessionToken } = await world.doors.handshake('kyc', requestWith({ 'x-api-key': made.text }));
    const ask = () => world.doors.webhookOf('kyc', requestWith({ 'x-session-token': sessionToken }));
    world.now += 299_000;
    await expect(ask()).resolves.toMatchObject({ id: 'kyc' });
    world.now += 1_000;
    await expect(ask()).rejects.toMatchObject({ code: 'session_token_expired' });
  });

  it('answer 503 while the store is away', async () => {
    const world = new World();
    world.refresh = () => Promise.reject(new RetryableError('store_unavailable', 'at 10.0.0.1'));
    await expect(world.doors.handshake('none', requestWith({ 'x-api-key': 'x' }))).rejects.toMatchObject({
      status: 503,
      code: 'unavailable',
      message: 'The workflows cannot be read just now.',
    });
  });
});
