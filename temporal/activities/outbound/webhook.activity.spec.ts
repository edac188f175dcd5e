import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { ApplicationFailure } from '@temporalio/common';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient, type HttpClient } from '#libs/http/http-client.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import type { ActionResult, WebhookSendInput } from '#temporal/contract/activities.ts';
import { startReceiver } from '../../../test/support/receiver.ts';
import { withFailureMapping } from '../failure.ts';
import { createWebhookSend } from './webhook.activity.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const noEndpoints = { endpoint: () => Promise.reject(new Error('no endpoint is asked for')) };

function client(): HttpClient {
  const http = createHttpClient({ allowedNetworks: ['127.0.0.0/8'], userAgent: 'signalbox/test' });
  cleanups.push(() => http.close());
  return http;
}

async function receiver(...args: Parameters<typeof startReceiver>): ReturnType<typeof startReceiver> {
  const started = await startReceiver(...args);
  cleanups.push(() => started.close());
  return started;
}

function quietEnvironment(): MockActivityEnvironment {
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
}

function input(url: string, more: Partial<WebhookSendInput> = {}): WebhookSendInput {
  return {
    key: 'rule-1:event-1/action-0',
    executionId: 'rule-1:event-1',
    tenant: 'default',
    ruleId: 'rule-1',
    ruleName: 'A rule',
    eventId: 'event-1',
    customerId: null,
    login: null,
    url,
    method: 'POST',
    headers: {},
    body: null,
    timeoutMs: 1000,
    ...more,
  };
}

/** Runs the activity as a worker would, with its log lines. */
function run(
  step: WebhookSendInput,
  environment = quietEnvironment(),
): { outcome: Promise<ActionResult>; lines: string[] } {
  const lines: string[] = [];
  const log = createLogger('test', 'info', { write: (line) => void lines.push(line) });
  const activity = withFailureMapping(createWebhookSend({ http: client(), directory: noEndpoints, log }));
  return { outcome: environment.run(activity, step), lines };
}

async function failureOf(call: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await call.then(
    () => expect.fail('the activity succeeded'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApplicationFailure);
  return error as ApplicationFailure;
}

describe('webhook.send', () => {
  it('R-080 R-084 sends what the rule gives, unchanged', async () => {
    const target = await receiver((_request, response) => response.end());
    const body = '{"text":"High \\"risk\\" trade \\u00fc ü"}';
    const headers = { 'Content-Type': 'application/json', 'X-Own': 'a, b' };
    const step = input(`${target.url}/in?a=b%20c`, { method: 'PUT', headers, body });
    await run(step).outcome;
    expect(target.requests[0]).toMatchObject({ method: 'PUT', url: '/in?a=b%20c', body });
    const raw = target.requests[0]?.rawHeaders ?? [];
    expect(raw[raw.indexOf('Content-Type') + 1]).toBe('application/json');
    expect(raw[raw.indexOf('X-Own') + 1]).toBe('a, b');
  });

  it('carries the idempotency key of the step on every attempt', async () => {
    const target = await receiver((_request, response) => response.end());
    for (let attempt = 0; attempt < 2; attempt += 1) await run(input(target.url)).outcome;
    expect(target.requests.map(({ headers }) => headers['idempotency-key'])).toEqual([
      'rule-1:event-1/action-0',
      'rule-1:event-1/action-0',
    ]);
  });

  it('R-084 leaves an idempotency key of the rule alone', async () => {
    const target = await receiver((_request, response) => response.end());
    await run(input(target.url, { headers: { 'IDEMPOTENCY-KEY': 'mine' } })).outcome;
    expect(target.requests[0]?.headers['idempotency-key']).toBe('mine');
  });

  it.each(['r:événement/action-0', 'r:a\r\nb/action-0', 'r: /action-0', 'r:\ud800/action-0', `r:${'e'.repeat(300)}`])(
    'sends the digest of a key that no header may hold: %j',
    async (key) => {
      const target = await receiver((_request, response) => response.end());
      await run(input(target.url, { key })).outcome;
      await run(input(target.url, { key: `${key}x` })).outcome;
      const [first, second] = target.requests.map(({ headers }) => headers['idempotency-key']);
      expect(first).toMatch(/^[0-9a-f]{64}$/);
      expect(second).not.toBe(first);
    },
  );

  it.each([200, 201, 204, 299])('R-088 succeeds with %d', async (status) => {
    const target = await receiver((_request, response) => response.writeHead(status).end());
    const { detail } = await run(input(`${target.url}/a`)).outcome;
    expect(detail).toMatch(new RegExp(`^POST ${target.url}/a → ${status} in \\d+ ms$`));
  });

  it.each([302, 400, 404])('R-089 fails for good with %d', async (status) => {
    const target = await receiver((_request, response) => response.writeHead(status).end());
    const failure = await failureOf(run(input(target.url)).outcome);
    expect(failure).toMatchObject({ type: 'webhook_status', nonRetryable: true, details: [{ attempts: 1 }] });
  });

  it('R-089 fails with 503 until the receiver wants to be asked again', async () => {
    const target = await receiver((_request, response) => response.writeHead(503, { 'retry-after': '7' }).end());
    const failure = await failureOf(run(input(target.url)).outcome);
    expect(failure).toMatchObject({ type: 'webhook_status', details: [{ tried: { again: true, afterMs: 7000 } }] });
  });

  it('R-090 fails with a transport error that may be tried again', async () => {
    const gone = await startReceiver(() => undefined);
    await gone.close();
    const failure = await failureOf(run(input(gone.url)).outcome);
    expect(failure).toMatchObject({ type: 'webhook_transport', details: [{ tried: { again: true } }] });
    expect(failure.message).toContain('ECONNREFUSED');
  });

  it('R-087 fails when the receiver is slower than the timeout', async () => {
    const target = await receiver(() => undefined);
    const failure = await failureOf(run(input(target.url, { timeoutMs: 200 })).outcome);
    expect(failure).toMatchObject({ type: 'webhook_timeout', details: [{ tried: { again: true, unanswered: true } }] });
    expect(failure.message).toContain('within 200 ms');
  });

  it('R-094 fails for good where it may not go', async () => {
    const failure = await failureOf(run(input('http://169.254.169.254/latest/meta-data')).outcome);
    expect(failure).toMatchObject({ type: 'webhook_blocked_address', nonRetryable: true });
  });
});

describe('what people read of webhook.send', () => {
  const secret = 'abcdefgh12345678ijkl';

  it('R-091 R-092 R-093 is masked, while the receiver gets the real token', async () => {
    const target = await receiver((_request, response) => response.end());
    const url = `${target.url}/hooks/${secret}?token=${secret}`;
    const headers = { Authorization: `Bearer ${secret}`, 'X-Api-Key': secret };

    const { outcome, lines } = run(input(url, { headers, body: `{"token":"${secret}"}` }));
    const { detail } = await outcome;

    expect(target.requests[0]?.url).toBe(`/hooks/${secret}?token=${secret}`);
    expect(target.requests[0]?.headers).toMatchObject({ authorization: `Bearer ${secret}`, 'x-api-key': secret });
    expect(target.requests[0]?.body).toContain(secret);
    expect(detail).toContain(`POST ${target.url}/hooks/***ijkl?token=***ijkl → 200 in `);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ runId: 'rule-1:event-1', status: 200, msg: detail });
    expect(lines.join()).not.toContain(secret);
  });

  it('R-091 R-092 R-093 is masked when it fails', async () => {
    const target = await receiver((request, response) =>
      response.writeHead(403).end(`denied ${request.headers['x-api-key']?.toString()} ${request.url}`),
    );
    const { outcome, lines } = run(input(`${target.url}/hooks/${secret}`, { headers: { 'X-Api-Key': secret } }));
    const failure = await failureOf(outcome);

    expect(target.requests[0]?.headers['x-api-key']).toBe(secret);
    expect(failure.message).toContain(`/hooks/***ijkl → 403 Forbidden: denied ***`);
    expect(failure.message + failure.stack + JSON.stringify(failure.details) + lines.join()).not.toContain(secret);
    expect(failure.cause).toBe(undefined);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ code: 'webhook_status', eventId: 'event-1' });
  });
});

describe('cancellation of webhook.send', () => {
  it.each(['CANCELLED', 'WORKER_SHUTDOWN'] as const)(
    'lets the call end, which the receiver has: %s',
    async (reason) => {
      let answer = (): void => undefined;
      const target = await receiver((_request, response) => void (answer = () => void response.writeHead(204).end()));
      const environment = quietEnvironment();
      const { outcome } = run(input(target.url, { timeoutMs: 30_000 }), environment);
      await expect.poll(() => target.requests.length, { timeout: 60_000 }).toBe(1);
      environment.cancel(reason);
      answer();
      await expect(outcome).resolves.toMatchObject({ detail: expect.stringContaining('204') });
    },
  );
});
