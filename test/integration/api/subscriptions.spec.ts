/** Webhook subscriptions over HTTP, on a real store and with real receivers. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lifecycleCloudEventSchema } from '#libs/contracts/lifecycle.schema.ts';
import type { KeptEvent } from '#libs/domain/runs/lifecycle-log.ts';
import type { Subscription } from '#libs/domain/subscriptions/subscription.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createLifecycleLog } from '#libs/store/lifecycle/lifecycle-log.repository.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createDeliveryAttempts } from '#libs/store/subscriptions/delivery-attempt.repository.ts';
import { createDeliveryCursors } from '#libs/store/subscriptions/delivery-cursor.repository.ts';
import { createPendingDeliveries } from '#libs/store/subscriptions/pending-delivery.repository.ts';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import { startTestApi, type Answer, type TestApi, type TokenOptions } from '../../support/api.ts';
import { documentedVerify, startDocumentedReceiver } from '../../support/documented-receiver.ts';
import { startReceiver, startTcpReceiver, type Receiver } from '../../support/receiver.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';
import { deliveryAttempt, pendingEvent } from '../../support/subscriptions.ts';

let store: TestStore;
let api: TestApi;
/** May reach receivers on this machine. */
let local: TestApi;
beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
  const rules = [
    { id: 'shared-rule', definition: ruleDefinition() },
    { id: 'beta-rule', definition: ruleDefinition({ brand: 'beta' }) },
  ];
  await createRuleRepository(store.connection).apply(rules, 'test');
  api = await startTestApi({ MONGODB_URI: store.uri });
  local = await startTestApi({
    MONGODB_URI: store.uri,
    SUBSCRIPTION_ALLOW_HTTP: 'true',
    SUBSCRIPTION_FIRST_ATTEMPT_MS: '500',
    WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
  });
});
afterAll(async () => {
  await api?.close();
  await local?.close();
  await store?.drop();
});

const path = '/api/workflow/subscriptions';
const ask = (method: string, more = '', body?: object, session: TokenOptions = {}, of = api) =>
  of.as('SESSION_ADMIN', `${path}${more}`, { method, body }, session);
const shownIn = ({ body }: Answer): Subscription => body.data!['subscription'] as Subscription;
const secretIn = ({ body }: Answer): string => body.data!['secret'] as string;
const refused = (status: number, code: string) => ({ status, body: { success: false, error: { code } } });

/** At an address that answers nobody: TEST-NET names are public, and never there. */
const draft = (more: object = {}) => ({ name: 'billing', url: 'https://hooks.example.com/signalbox', ...more });

async function made(body: object = {}, session: TokenOptions = {}, of = api) {
  const answer = await ask('POST', '', draft(body), session, of);
  expect(answer.status).toBe(201);
  return { ...shownIn(answer), secret: secretIn(answer) };
}

async function listed(session: TokenOptions = {}): Promise<string[]> {
  const answer = await ask('GET', '?limit=500', undefined, session);
  return (answer.body.data!['subscriptions'] as Subscription[]).map(({ subscription_id }) => subscription_id);
}

describe('a subscription', () => {
  it('is made, read, changed, paused, resumed and deleted, each on record', async () => {
    const { secret: _, ...one } = await made({ types: ['WorkflowFailed'], rule_id: 'shared-rule', format: 'plain' });
    const of = `/${one.subscription_id}`;
    expect(one).toMatchObject({
      ...draft(),
      types: ['WorkflowFailed'],
      rule_id: 'shared-rule',
      brands: null,
      format: 'plain',
      status: 'active',
      created_by: 'alice',
    });
    expect(shownIn(await ask('GET', of))).toEqual(one);
    const changed = await ask('PATCH', of, { name: 'books', types: null });
    expect(shownIn(changed)).toMatchObject({ name: 'books', types: null, rule_id: 'shared-rule', format: 'plain' });
    expect(shownIn(await ask('POST', `${of}/pause`))).toMatchObject({ status: 'paused' });
    expect(shownIn(await ask('POST', `${of}/resume`))).toMatchObject({ status: 'active' });
    expect(await ask('DELETE', of)).toMatchObject({ status: 200 });
    for (const [method, more] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/pause'],
      ['GET', '/attempts'],
    ] as const) {
      expect(await ask(method, `${of}${more}`)).toMatchObject(refused(404, 'subscription_not_found'));
    }
    const noted = await createAuditLog(store.connection).list({ target: `subscription/${one.subscription_id}` });
    expect(noted.items.map(({ operation, by, outcome }) => [operation, by, outcome])).toEqual(
      ['delete', 'resume', 'pause', 'update', 'create'].map((verb) => [`subscription.${verb}`, 'alice', 'done']),
    );
  });

  it('shows its secret once: neither lists nor the audit log nor errors hold it', async () => {
    const own = `whsec_${Buffer.alloc(40, 3).toString('base64')}`;
    const drawn = await made();
    const given = await made({ secret: own });
    expect(drawn.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(given.secret).toBe(own);
    const rotated = secretIn(await ask('POST', `/${given.subscription_id}/rotate`));
    const seen = JSON.stringify([
      (await ask('GET', '?limit=500')).body,
      (await ask('GET', `/${given.subscription_id}`)).body,
      (await ask('PATCH', `/${given.subscription_id}`, { name: 'x' })).body,
      (await createAuditLog(store.connection).list({})).items,
    ]);
    for (const secret of [drawn.secret, own, rotated]) expect(seen).not.toContain(secret.slice(6, 40));
  });

  it('is made once by a request that is sent again, which is told so', async () => {
    const headers = { 'idempotency-key': uniqueName('key') };
    const request = { method: 'POST', body: draft({ name: 'sent again' }), headers };
    const answers = await Promise.all([1, 2, 3].map(() => api.as('SESSION_ADMIN', path, request)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    expect(await api.as('SESSION_ADMIN', path, request)).toMatchObject(refused(409, 'subscription_made'));
    expect(await store.connection.collection('subscriptions').countDocuments({ name: 'sent again' })).toBe(1);
    const { subscription_id } = shownIn(answers.find(({ status }) => status === 201)!);
    await ask('DELETE', `/${subscription_id}`);
    expect(await api.as('SESSION_ADMIN', path, request)).toMatchObject(refused(409, 'subscription_made'));
  });

  it('is refused beyond the number there may be', async () => {
    const own = await openTestStore();
    const few = await startTestApi({ MONGODB_URI: own.uri, SUBSCRIPTIONS_MAX: '2' });
    for (const status of [201, 201, 409]) {
      expect((await ask('POST', '', draft(), {}, few)).status).toBe(status);
    }
    expect(await ask('POST', '', draft(), {}, few)).toMatchObject(refused(409, 'too_many_subscriptions'));
    await few.close();
    await own.drop();
  });

  it('that was disabled begins without failures when it is resumed, or gets another address', async () => {
    const { subscription_id } = await made();
    const fail = () =>
      createSubscriptions(store.connection).change(subscription_id, (stored) => ({
        ...stored,
        status: 'disabled',
        disabled_reason: 'failing',
        failures: 11,
        failed_at: '2026-01-01T00:00:00.000Z',
      }));
    await fail();
    expect(shownIn(await ask('POST', `/${subscription_id}/pause`))).toMatchObject({ status: 'disabled' });
    expect(shownIn(await ask('POST', `/${subscription_id}/resume`))).toMatchObject({
      status: 'active',
      disabled_reason: null,
      failures: 0,
      failed_at: null,
    });
    await fail();
    const moved = await ask('PATCH', `/${subscription_id}`, { url: 'https://other.example.com/' });
    expect(shownIn(moved)).toMatchObject({ status: 'disabled', failures: 0 });
  });

  it('is listed page by page, newest first', async () => {
    const session = { brands: ['paged'] };
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift((await made({ name: `n${n}` }, session)).subscription_id);
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await ask('GET', `?limit=2${cursor}`, undefined, session);
      seen.push(...(body.data!['subscriptions'] as Subscription[]).map(({ subscription_id }) => subscription_id));
      if (body.data!['next_cursor'] === null) break;
      cursor = `&cursor=${String(body.data!['next_cursor'])}`;
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(new Set(seen).size).toBe(5);
    expect(await ask('GET', '?cursor=nonsense')).toMatchObject(refused(400, 'invalid_input'));
  });
});

describe('a subscription is refused', () => {
  const wrong: [string, object, string][] = [
    ['for an event nobody knows', { types: ['WorkflowBegun'] }, 'types[0]'],
    ['for no event', { types: [] }, 'types'],
    ['for a rule nobody knows', { rule_id: 'none' }, 'rule_id'],
    ['for no brand', { brands: [] }, 'brands'],
    ['in an unknown format', { format: 'xml' }, 'format'],
    ['without a name', { name: '' }, 'name'],
    ['with a member nobody knows', { colour: 'red' }, 'colour'],
    ['without TLS', { url: 'http://hooks.example.com/' }, 'url'],
    ['at no address', { url: 'hooks' }, 'url'],
    ['at an address with a password', { url: 'https://a:secret@hooks.example.com/' }, 'url'],
    ['at an address with a fragment', { url: 'https://hooks.example.com/#x' }, 'url'],
    ['at an address that is too long', { url: `https://hooks.example.com/${'x'.repeat(2048)}` }, 'url'],
    ['at a loopback address', { url: 'https://127.0.0.1/' }, 'url'],
    ['at a private address', { url: 'https://10.0.0.1/' }, 'url'],
    ['at a private address in other digits', { url: 'https://0xA9FEA9FE/' }, 'url'],
    ['at a private address of IPv6', { url: 'https://[fd00::1]/' }, 'url'],
    ['at a name of a private address', { url: 'https://localhost/' }, 'url'],
  ];
  const secrets: [string, object, string][] = [
    ['with a secret that is too short', { secret: `whsec_${Buffer.alloc(23, 1).toString('base64')}` }, 'secret'],
    ['with a secret that is too long', { secret: `whsec_${Buffer.alloc(65, 1).toString('base64')}` }, 'secret'],
    ['with a secret that is not base64', { secret: `whsec_${'!'.repeat(44)}` }, 'secret'],
    ['with a secret without its prefix', { secret: Buffer.alloc(32, 1).toString('base64') }, 'secret'],
  ];

  it.each([...wrong, ...secrets])('%s', async (_, body, place) => {
    const answer = await ask('POST', '', draft(body));
    expect(answer).toMatchObject(refused(422, 'invalid_body'));
    expect(answer.body.error!.details!.map((detail) => detail.path)).toEqual([place]);
    expect(JSON.stringify(answer.body)).not.toMatch(/a:secret|!!!!/);
  });

  it('to become what it could not be made as', async () => {
    const { secret: _secret, ...one } = await made();
    for (const [, body, place] of wrong) {
      const answer = await ask('PATCH', `/${one.subscription_id}`, body);
      expect(answer).toMatchObject(refused(422, 'invalid_body'));
      expect(answer.body.error!.details!.map((detail) => detail.path)).toEqual([place]);
    }
    expect(shownIn(await ask('GET', `/${one.subscription_id}`))).toEqual(one);
  });

  it('for the eleventh rotation within a day, and its secrets stay', async () => {
    const { subscription_id } = await made();
    const secrets: string[] = [];
    for (let n = 0; n < 10; n += 1) secrets.push(secretIn(await ask('POST', `/${subscription_id}/rotate`)));
    expect(await ask('POST', `/${subscription_id}/rotate`)).toMatchObject(refused(409, 'too_many_rotations'));
    const stored = await createSubscriptions(store.connection).get(subscription_id);
    expect(stored!.secrets.map(({ secret }) => secret)).toEqual([secrets[9], secrets[8]]);
    expect(stored!.secrets.map(({ ends_at }) => ends_at === null)).toEqual([true, false]);
  });
});

describe('a session for some brands', () => {
  const alpha = { brands: ['alpha'] };

  it('subscribes to runs of those alone', async () => {
    expect(await made({}, alpha)).toMatchObject({ brands: ['alpha'] });
    expect(await ask('POST', '', draft({ brands: ['beta'] }), alpha)).toMatchObject(refused(403, 'access_denied'));
    expect(await ask('POST', '', draft({ brands: ['alpha', 'beta'] }), alpha)).toMatchObject({ status: 403 });
    const rule = await ask('POST', '', draft({ rule_id: 'beta-rule' }), alpha);
    expect(rule).toMatchObject(refused(422, 'invalid_body'));
    expect(rule.body).toEqual((await ask('POST', '', draft({ rule_id: 'none' }), alpha)).body);
  });

  it('sees and changes those alone that are for no other brand', async () => {
    const own = await made({ brands: ['alpha'] });
    const others = [await made({ brands: ['alpha', 'beta'] }), await made({ brands: ['beta'] }), await made()];
    const seen = await listed(alpha);
    expect(seen).toContain(own.subscription_id);
    for (const { subscription_id } of others) {
      expect(seen).not.toContain(subscription_id);
      const requests = [
        ['GET', ''],
        ['PATCH', '', { name: 'x' }],
        ['DELETE', ''],
        ['POST', '/rotate'],
        ['POST', '/resend', { event_id: randomUUID() }],
        ['GET', '/attempts'],
      ] as const;
      for (const [method, more, body] of requests) {
        const answer = await ask(method, `/${subscription_id}${more}`, body, alpha);
        expect(answer).toMatchObject(refused(404, 'subscription_not_found'));
      }
    }
    for (const brands of [['beta'], null, ['alpha']]) {
      expect(await ask('PATCH', `/${own.subscription_id}`, { brands })).toMatchObject(refused(422, 'invalid_body'));
    }
  });
});

describe('what a subscription was sent', () => {
  it('is listed by event, run and outcome, as is what waits', async () => {
    const { subscription_id } = await made();
    const event_id = randomUUID();
    const failure = {
      outcome: 'failed',
      status: 503,
      error: 'answered 503',
      next_at: '2026-01-02T03:05:00.000Z',
    } as const;
    await createDeliveryAttempts(store.connection).add([
      deliveryAttempt({ subscription_id, event_id, execution_id: 'r:1', ...failure }),
      deliveryAttempt({ subscription_id, at: '2026-01-03T00:00:00.000Z', execution_id: 'r:2' }),
      deliveryAttempt({ execution_id: 'r:1' }),
    ]);
    const attempts = async (query: string) =>
      (await ask('GET', `/${subscription_id}/attempts${query}`)).body.data!['attempts'] as Record<string, unknown>[];
    expect(await attempts('')).toMatchObject([
      { run_id: 'r:2', outcome: 'delivered' },
      { event_id, ...failure },
    ]);
    expect(await attempts('?outcome=failed')).toHaveLength(1);
    expect(await attempts('?run_id=r:2')).toMatchObject([{ run_id: 'r:2' }]);
    expect(await attempts(`?event_id=${event_id}`)).toHaveLength(1);
    expect(await ask('GET', `/${subscription_id}/attempts?outcome=lost`)).toMatchObject(refused(400, 'invalid_query'));

    const next_at = '2026-01-02T03:05:00.000Z';
    const key = { subscription_id, execution_id: 'r:1', partition: 0 };
    await createPendingDeliveries(store.connection).push(key, [pendingEvent(2)], next_at);
    const pending = (await ask('GET', `/${subscription_id}/pending`)).body.data!['pending'];
    expect(pending).toEqual([{ run_id: 'r:1', next_at, events: [pendingEvent(2)] }]);
    await ask('DELETE', `/${subscription_id}`);
    expect(await createPendingDeliveries(store.connection).get(key)).toBeNull();
  });
});

describe('a test', () => {
  async function tested(receiver: Receiver, more: object = {}) {
    const one = await made({ url: `${receiver.url}/hook`, ...more }, {}, local);
    const answer = await ask('POST', `/${one.subscription_id}/test`, undefined, {}, local);
    await receiver.close();
    expect(answer.status).toBe(200);
    return { ...one, test: answer.body.data!['test'] as Record<string, unknown> };
  }

  it('sends an event of no run at once, signed, another one each time', async () => {
    const receiver = await startReceiver((_, response) => response.writeHead(204).end());
    const one = await made({ url: receiver.url, brands: ['alpha'] }, {}, local);
    const test = () => ask('POST', `/${one.subscription_id}/test`, undefined, {}, local);
    for (let n = 0; n < 2; n += 1) {
      expect((await test()).body.data!['test']).toMatchObject({ is_delivered: true, status: 204, error: null });
    }
    await ask('POST', `/${one.subscription_id}/rotate`, undefined, {}, local);
    await test();
    await receiver.close();
    const verify = await documentedVerify();
    const events = receiver.requests.map(({ body, headers }) =>
      lifecycleCloudEventSchema.parse(verify(one.secret, headers, body)),
    );
    const [{ headers, body }] = receiver.requests as [Receiver['requests'][0]];
    expect(() => verify(`whsec_${Buffer.alloc(32).toString('base64')}`, headers, body)).toThrow('not signed');
    expect(() => verify(one.secret, headers, `${body} `)).toThrow('not signed');
    expect(() => verify(one.secret, { ...headers, 'webhook-timestamp': '1' }, body)).toThrow('too old');
    expect(events.map(({ type }) => type)).toEqual(Array(3).fill('WorkflowCompleted'));
    expect(events[0]).toMatchObject({ data: { processId: 'signalbox-test-rule', tenantId: 'alpha' } });
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });

  it.each([
    ['subscriptions.md', ['receiver.mjs', 'verify.mjs'], 'not signed'],
    ['events.md', ['hooks.mjs'], 'No matching signature'],
  ])('is taken by the receiver that %s has people copy, and nothing else is', async (document, files, refusal) => {
    const secret = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    const receiver = await startDocumentedReceiver(document, files, secret);
    const tries = [{ secret }, {}].map(async (more) => {
      const { subscription_id } = await made({ url: receiver.url, ...more }, {}, local);
      const test = async () =>
        (await ask('POST', `/${subscription_id}/test`, undefined, {}, local)).body.data!['test'] as { status: number };
      // It may not listen yet.
      await expect.poll(async () => (await test()).status, { timeout: 20_000 }).not.toBeNull();
      return test();
    });
    const [right, wrong] = await Promise.all(tries);
    expect(right).toMatchObject({ is_delivered: true, status: 204 });
    expect(wrong).toMatchObject({ is_delivered: false, status: 400, excerpt: expect.stringContaining(refusal) });
    await expect.poll(() => receiver.printed().join()).toContain('signalbox-test-rule');
  });

  it.each(['cloudevents-binary', 'plain'])('is in the format of the subscription: %s', async (format) => {
    const receiver = await startReceiver((_, response) => response.end());
    await tested(receiver, { format });
    const [{ headers, body }] = receiver.requests as [Receiver['requests'][0]];
    expect(headers['ce-type']).toBe(format === 'plain' ? undefined : 'WorkflowCompleted');
    expect(JSON.parse(body)).toMatchObject(
      format === 'plain' ? { type: 'WorkflowCompleted', data: {} } : { eventType: 'WorkflowCompleted' },
    );
  });

  it('follows no redirect', async () => {
    const target = await startReceiver((_, response) => response.end());
    const receiver = await startReceiver((_, response) => response.writeHead(307, { location: target.url }).end());
    const { test } = await tested(receiver);
    expect(test).toMatchObject({ is_delivered: false, status: 307 });
    expect(target.requests).toEqual([]);
    await target.close();
  });

  it('that is answered 410 leaves the subscription as it is', async () => {
    const { test, subscription_id } = await tested(
      await startReceiver((_, response) => response.writeHead(410).end('gone for good')),
    );
    expect(test).toMatchObject({ is_delivered: false, status: 410, excerpt: 'gone for good' });
    expect(shownIn(await ask('GET', `/${subscription_id}`))).toMatchObject({ status: 'active', failures: 0 });
  });

  it('ends within its time when the receiver sends a byte now and then, or never ends its headers', async () => {
    const slow = await startReceiver((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 50);
      response.on('close', () => clearInterval(timer));
    });
    const endless = await startTcpReceiver((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('x-more: 1\r\n'), 50);
      socket.on('close', () => clearInterval(timer));
    });
    for (const receiver of [slow, endless]) {
      const { test } = await tested(receiver);
      expect(test).toMatchObject({ is_delivered: false, error: expect.stringContaining('500 ms') });
      expect(test['duration_ms']).toBeLessThan(3_000);
    }
  });

  it('reads the beginning of a huge answer alone', async () => {
    let sent = 0;
    const piece = Buffer.alloc(65_536, 'x');
    const receiver = await startReceiver((_, response) => {
      const body = Readable.from(
        (function* () {
          for (; sent < 1600; sent += 1) yield piece;
        })(),
      );
      body.on('error', () => undefined).pipe(response);
    });
    const { test } = await tested(receiver);
    expect(String(test['excerpt']).length).toBeLessThan(5_000);
    expect(sent).toBeLessThan(800);
  });

  it('reaches no private address, however it got there', async () => {
    const receiver = await startReceiver((_, response) => response.end());
    const { subscription_id } = await made({ url: receiver.url }, {}, local);
    const answer = await ask('POST', `/${subscription_id}/test`);
    expect(answer.body.data!['test']).toMatchObject({ is_delivered: false, status: null });
    expect(receiver.requests).toEqual([]);
    await receiver.close();
  });
});

describe('events that are sent again', () => {
  const topicId = uniqueName('topic');

  /** Kept in partition 1, from the beginning of the topic on. */
  async function keep(events: Partial<KeptEvent>[]): Promise<string[]> {
    const log = createLifecycleLog(store.connection);
    await log.open(topicId);
    const first = (await log.state())!.partitions[1]?.next ?? 0;
    const kept = events.map((given, index): KeptEvent => ({
      eventId: randomUUID(),
      topicId,
      partition: 1,
      offset: first + index,
      executionId: uniqueName('rule:event'),
      sequence: 0,
      processId: 'rule',
      tenantId: 'alpha',
      type: 'WorkflowStarted',
      occurredAt: '2026-01-01T00:00:00.000Z',
      text: '{}',
      ...given,
    }));
    await log.add(kept);
    await log.advance(topicId, [
      { partition: 0, next: 0 },
      { partition: 1, next: first + events.length },
    ]);
    return kept.map(({ eventId }) => eventId);
  }
  const keptAt = (eventId: string, at: string) =>
    store.connection
      .collection<{ _id: string }>('lifecycle_events')
      .updateOne({ _id: eventId }, { $set: { kept_at: at } });
  const cursorsOf = async (id: string) =>
    (await createDeliveryCursors(store.connection).all()).filter(({ subscription_id }) => subscription_id === id);

  it('one by one are tried at once, and once, by however many it is asked for', async () => {
    const { subscription_id } = await made();
    const execution_id = uniqueName('rule:event');
    const [event_id] = await keep([{ executionId: execution_id, sequence: 3 }]);
    const resend = () => ask('POST', `/${subscription_id}/resend`, { event_id });
    const answers = await Promise.all([resend(), resend(), resend()]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    const pending = createPendingDeliveries(store.connection);
    const queue = await pending.get({ subscription_id, execution_id });
    expect(queue).toMatchObject({ partition: 1, events: [{ event_id, sequence: 3, attempts: 0 }] });
    expect(queue!.next_at! <= new Date().toISOString()).toBe(true);
  });

  it('that wait for their next attempt are tried now, and neither doubled nor given up', async () => {
    const { subscription_id } = await made();
    const execution_id = uniqueName('rule:event');
    const [first, second] = await keep([
      { executionId: execution_id, sequence: 0 },
      { executionId: execution_id, sequence: 1 },
    ]);
    const waiting = [first, second].map((event_id, sequence) =>
      pendingEvent(sequence, { event_id: event_id!, attempts: 4 }),
    );
    const pending = createPendingDeliveries(store.connection);
    await pending.push({ subscription_id, execution_id, partition: 1 }, waiting, '2099-01-01T00:00:00.000Z');
    expect((await ask('POST', `/${subscription_id}/resend`, { event_id: second })).status).toBe(202);
    const queue = await pending.get({ subscription_id, execution_id });
    expect(queue!.events).toEqual(waiting);
    expect(queue!.next_at! <= new Date().toISOString()).toBe(true);
  });

  it('are refused where the subscription is not for them, or not active', async () => {
    const { subscription_id } = await made({ types: ['WorkflowFailed'], brands: ['alpha'] });
    const [event_id, ofBeta] = await keep([{}, { type: 'WorkflowFailed', tenantId: 'beta' }]);
    const resend = (id: string, session: TokenOptions = {}) =>
      ask('POST', `/${subscription_id}/resend`, { event_id: id }, session);
    expect(await resend(event_id!)).toMatchObject(refused(409, 'not_subscribed'));
    expect(await resend(ofBeta!)).toMatchObject(refused(409, 'not_subscribed'));
    expect(await resend(ofBeta!, { brands: ['alpha'] })).toMatchObject(refused(404, 'event_not_kept'));
    expect(await resend(randomUUID())).toMatchObject(refused(404, 'event_not_kept'));
    expect(await resend('x')).toMatchObject(refused(422, 'invalid_body'));
    await ask('POST', `/${subscription_id}/pause`);
    expect(await resend(event_id!)).toMatchObject(refused(409, 'subscription_not_active'));
    const range = await ask('POST', `/${subscription_id}/redeliver`, { since: '2026-01-01T00:00:00Z' });
    expect(range).toMatchObject(refused(409, 'subscription_not_active'));
    expect(range.body.error!.message).toContain('resume it first');
  });

  it('of a range are those kept in its time, a minute more on both sides', async () => {
    const { subscription_id } = await made();
    const minutes = [0, 10, 20, 30, 40, 50];
    const ids = await keep(minutes.map(() => ({})));
    const { offset: base } = (await createLifecycleLog(store.connection).get(ids[0]!))!;
    for (const [index, minute] of minutes.entries())
      await keptAt(ids[index]!, `2030-01-01T12:${minute || '00'}:00.000Z`);
    const redeliver = (body: object) => ask('POST', `/${subscription_id}/redeliver`, body);

    const answer = await redeliver({
      since: '2030-01-01T12:10:30Z',
      until: '2030-01-01T14:39:30+02:00',
      only_failed: true,
    });
    expect(answer).toMatchObject({ status: 202, body: { data: { range_size: 4 } } });
    const redelivery_id = answer.body.data!['redelivery_id'] as string;
    expect(await cursorsOf(subscription_id)).toEqual([
      {
        cursor_id: `${redelivery_id}/1`,
        subscription_id,
        topic_id: topicId,
        partition: 1,
        next: base + 1,
        until: base + 5,
        redelivery_id,
        only_failed: true,
        owner: null,
      },
    ]);
    expect((await redeliver({ after: `${topicId}.0.${base + 2}` })).body.data).toMatchObject({ range_size: 4 });
    expect((await redeliver({ since: '2031-01-01T00:00:00Z' })).body.data).toMatchObject({ range_size: 0 });
    expect((await redeliver({ since: '2020-01-01T00:00:00Z' })).body.data).toMatchObject({ range_size: base + 6 });
    expect(await cursorsOf(subscription_id)).toHaveLength(3);
    await ask('DELETE', `/${subscription_id}`);
    expect(await cursorsOf(subscription_id)).toEqual([]);
  });

  it.each([
    ['neither time nor position', {}, 422, 'since'],
    ['both', { since: '2026-01-01T00:00:00Z', after: 'x.0' }, 422, 'since'],
    ['a time without an offset', { since: '2026-01-01T00:00:00' }, 422, 'since'],
    ['an end before the beginning', { since: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' }, 422, 'until'],
    ['a position that is none', { after: 'nonsense' }, 422, 'after'],
    ['a position behind the end', { after: `${topicId}.0.99999999` }, 422, 'position'],
    ['a position of another topic', { after: 'another.0.0' }, 410, 'after'],
  ])('of a range are refused with %s', async (_, body, status, place) => {
    await keep([{}]);
    const { subscription_id } = await made();
    const answer = await ask('POST', `/${subscription_id}/redeliver`, body);
    expect(answer).toMatchObject(refused(status, status === 410 ? 'position_too_old' : 'invalid_body'));
    expect(answer.body.error!.details!.map((detail) => detail.path)).toEqual([place]);
    expect(await cursorsOf(subscription_id)).toEqual([]);
  });

  it('are refused while ten ranges are at work', async () => {
    await keep([{}]);
    const { subscription_id } = await made();
    const redeliver = () => ask('POST', `/${subscription_id}/redeliver`, { since: '2020-01-01T00:00:00Z' });
    for (let n = 0; n < 10; n += 1) expect((await redeliver()).status).toBe(202);
    expect(await redeliver()).toMatchObject(refused(409, 'too_many_redeliveries'));
  });
});
