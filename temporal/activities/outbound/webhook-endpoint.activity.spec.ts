import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, describe, expect, it } from 'vitest';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { Endpoint } from '#libs/domain/directory/outbound.ts';
import { createHttpClient } from '#libs/http/http-client.ts';
import { signatureHeaders } from '#libs/http/standard-webhook.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import type { ActionResult, WebhookSendInput } from '#temporal/contract/activities.ts';
import { startReceiver, type ReceivedRequest, type Receiver } from '../../../test/support/receiver.ts';
import { withFailureMapping } from '../failure.ts';
import { createWebhookSend } from './webhook.activity.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const context = { brand: 'alder', event: { note: 'a "b"' }, customer: { id: 'C-1' } };

/** Calls the endpoint `crm` at a receiver that answers `status` and echoes what it got. */
async function call(
  given: Partial<Endpoint> | PermanentError,
  more: Partial<WebhookSendInput> = {},
  status = 200,
): Promise<{ receiver: Receiver; outcome: Promise<ActionResult>; seen: () => string }> {
  const receiver = await startReceiver(({ rawHeaders, url, body }, response) => {
    response.statusCode = status;
    response.setHeader('location', 'https://secret-name.invalid/abcdefghij');
    response.end(`${url} ${rawHeaders.join(' ')} ${body}`);
  });
  cleanups.push(() => receiver.close());
  const http = createHttpClient({ allowedNetworks: ['127.0.0.0/8'], userAgent: 'signalbox/test' });
  cleanups.push(() => http.close());
  const lines: string[] = [];
  const log = createLogger('test', 'info', { write: (line) => void lines.push(line) });
  const endpoint = (name: string): Promise<Endpoint> =>
    given instanceof PermanentError
      ? Promise.reject(given)
      : Promise.resolve({ name, url: `${receiver.url}/T0/abcdefghij`, ...given });
  const activity = withFailureMapping(createWebhookSend({ http, directory: { endpoint }, log }));
  const input: WebhookSendInput = {
    key: 'rule-1:event-1/action-0',
    executionId: 'rule-1:event-1',
    tenant: 'alder',
    ruleId: 'rule-1',
    ruleName: 'A rule',
    eventId: 'event-1',
    customerId: 'C-1',
    login: null,
    url: '',
    target: { name: 'crm', brand: 'alder', context },
    method: 'POST',
    headers: {},
    body: null,
    timeoutMs: 1000,
    ...more,
  };
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const outcome: Promise<ActionResult> = environment.run(activity, input);
  const told = await outcome.then(JSON.stringify, (error: Error) => `${error.message} ${error.stack}`);
  return { receiver, outcome, seen: () => `${told} ${lines.join()}` };
}

describe('webhook to an endpoint', () => {
  it('R-179 R-180 is a POST to its address, with its headers and its body rendered for the run', async () => {
    const { receiver, outcome } = await call({
      headers: { Authorization: 'Bearer abcdefghijkl', 'Content-Type': 'application/json' },
      body: '{"text":"{{event.note}}","customer":"{{customer.id}}"}',
    });
    expect(receiver.requests[0]).toMatchObject({
      method: 'POST',
      url: '/T0/abcdefghij',
      headers: { authorization: 'Bearer abcdefghijkl', 'idempotency-key': 'rule-1:event-1/action-0' },
      body: '{"text":"a \\"b\\"","customer":"C-1"}',
    });
    expect(await outcome).toMatchObject({
      report: { code: 'webhook_called', params: { http_status: 200 } },
      detail: expect.stringMatching(/^POST endpoint "crm" → 200 in \d+ ms$/),
    });
  });

  it('sends the body and headers of the action, which cannot replace those of the endpoint', async () => {
    const headers = { 'X-Own': 'a', authorization: 'Bearer other' };
    const { receiver } = await call(
      { headers: { Authorization: 'Bearer abcdefghijkl' }, body: 'unused' },
      { headers, body: 'given' },
    );
    expect(receiver.requests[0]).toMatchObject({
      body: 'given',
      headers: { 'x-own': 'a', authorization: 'Bearer abcdefghijkl' },
    });
  });

  it('signs the call where the endpoint has a secret, with the key of the action as its id', async () => {
    const { receiver } = await call({ secret, body: '{"text":"{{event.note}}"}' });
    const { headers = {}, body = '' }: Partial<ReceivedRequest> = receiver.requests[0] ?? {};
    const at = new Date(Number(headers['webhook-timestamp']) * 1000);
    expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(60_000);
    expect(headers).toMatchObject(signatureHeaders({ id: 'rule-1:event-1/action-0', body, secret, at }));
  });

  it('R-091 R-092 keeps address, headers and secret out of results, errors and logs, even when they are echoed', async () => {
    const given = { headers: { 'X-Team': 'teamtokenvalue' }, secret, body: '{}' };
    for (const status of [200, 400, 503]) {
      const { seen } = await call(given, {}, status);
      expect(seen()).toContain('endpoint \\"crm\\"');
      expect(seen()).not.toMatch(/abcdefghij|teamtokenvalue|whsec_/);
    }
  });

  it.each([
    ['refuses the connection', 'http://127.0.0.1:9/T0/abcdefghij', 'ECONNREFUSED'],
    ['has no address', 'http://secret-name.invalid/T0/abcdefghij', /ENOTFOUND|EAI_AGAIN/],
    ['has no public address', 'http://10.20.30.40/T0/abcdefghij', 'it has no public address (private)'],
    ['has no URL', 'crm.secret-name.invalid/abcdefghij', 'expected an absolute URL'],
  ])('R-092 keeps its address out of what people see when it %s', async (_how, url, kind) => {
    const { seen, outcome } = await call({ url, secret, body: '{}' });
    await expect(outcome).rejects.toThrow(kind);
    expect(seen()).not.toMatch(/127\.0\.0\.1|secret-name|10\.20\.30|abcdefghij/);
  });

  it('R-092 keeps the place out of what people see to which it redirects', async () => {
    const { seen, outcome } = await call({ body: '{}' }, {}, 302);
    await expect(outcome).rejects.toThrow('302 Found (redirects are not followed');
    expect(seen()).not.toMatch(/secret-name|127\.0\.0\.1/);
  });

  it('signs alone: neither the rule nor the headers of the endpoint put a second signature beside it', async () => {
    const headers = { 'Webhook-Id': 'mine', 'WEBHOOK-SIGNATURE': 'v1,mine', 'Webhook-Timestamp': '1' };
    const { receiver } = await call({ secret, body: '{}', headers }, { headers });
    const names = (receiver.requests[0]?.rawHeaders ?? []).filter((_, index) => index % 2 === 0);
    expect(names.filter((name) => /^webhook-/i.test(name)).sort()).toEqual([
      'webhook-id',
      'webhook-signature',
      'webhook-timestamp',
    ]);
  });

  it('has an id without a dot, since a dot ends it in what is signed', async () => {
    const { receiver } = await call({ secret, body: '{}' }, { key: 'rule-1:event.1/action-0' });
    const { headers = {} }: Partial<ReceivedRequest> = receiver.requests[0] ?? {};
    expect(headers['webhook-id']).toMatch(/^[0-9a-f]{64}$/);
    expect(headers['idempotency-key']).toBe('rule-1:event.1/action-0');
  });

  it('fails for good when it is unknown, and says so', async () => {
    const { outcome } = await call(new PermanentError('endpoint_not_found', 'There is no endpoint "crm"'));
    await expect(outcome).rejects.toMatchObject({ type: 'endpoint_not_found', nonRetryable: true });
  });
});
