/** `signalbox subscriptions …` on a real store, with a real receiver. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Subscription } from '#libs/domain/subscriptions/subscription.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createLifecycleLog } from '#libs/store/lifecycle/lifecycle-log.repository.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createDeliveryAttempts } from '#libs/store/subscriptions/delivery-attempt.repository.ts';
import { createDeliveryCursors } from '#libs/store/subscriptions/delivery-cursor.repository.ts';
import { createPendingDeliveries } from '#libs/store/subscriptions/pending-delivery.repository.ts';
import { signalbox, type CliResult } from '../../support/cli.ts';
import { documentedVerify } from '../../support/documented-receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';
import { deliveryAttempt } from '../../support/subscriptions.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
});
afterAll(() => store.drop());

const local = { SUBSCRIPTION_ALLOW_HTTP: 'true', WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' };
const run = (...args: string[]): Promise<CliResult> => signalbox(store.uri, ['subscriptions', ...args], '', local);
const url = 'https://hooks.example.com/signalbox';

async function made(...args: string[]): Promise<{ subscription: Subscription; secret: string }> {
  const { code, stdout, stderr } = await run('create', 'billing', url, '--json', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as { subscription: Subscription; secret: string };
}
async function shown(id: string): Promise<Subscription> {
  return JSON.parse((await run('show', id, '--json')).stdout) as Subscription;
}

describe('signalbox subscriptions', () => {
  it('makes, shows, changes and deletes a subscription, on record', async () => {
    const filters = ['--type', 'WorkflowFailed', '--type', 'WorkflowCompleted', '--brand', 'alpha', '--by', 'ada'];
    const { subscription, secret } = await made(...filters);
    const { subscription_id: id } = subscription;
    expect(secret).toMatch(/^whsec_/);
    expect(subscription).toMatchObject({ types: ['WorkflowFailed', 'WorkflowCompleted'], brands: ['alpha'] });
    expect(await shown(id)).toEqual(subscription);
    expect((await run('list')).stdout).toContain(id);
    expect((await run('update', id, '--name', 'books', '--all-types', '--format', 'plain')).code).toBe(0);
    expect(await shown(id)).toMatchObject({ name: 'books', types: null, brands: ['alpha'], format: 'plain', url });
    expect((await run('pause', id)).stdout).toBe(`paused: ${id}\n`);
    expect((await run('resume', id)).stdout).toBe(`active: ${id}\n`);
    expect((await run('delete', id)).code).toBe(0);
    expect(await run('show', id)).toMatchObject({ code: 1, stderr: expect.stringContaining('no such subscription') });
    const noted = await createAuditLog(store.connection).list({ target: `subscription/${id}` });
    expect(noted.items.map(({ operation }) => operation)).toEqual(
      ['delete', 'resume', 'pause', 'update', 'create'].map((verb) => `subscription.${verb}`),
    );
    expect(noted.items.at(-1)).toMatchObject({ by: 'ada', outcome: 'done' });
  });

  it('shows a secret once, and takes one from standard input', async () => {
    const own = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
    const args = ['subscriptions', 'create', 'own', url, '--secret-stdin', '--json'];
    const { stdout } = await signalbox(store.uri, args, `${own}\n`, local);
    const { subscription, secret } = JSON.parse(stdout) as { subscription: Subscription; secret: string };
    expect(secret).toBe(own);
    const rotated = await run('rotate', subscription.subscription_id);
    expect(rotated.stdout).toMatch(/never shown again:\nwhsec_/);
    const seen = (await Promise.all([run('list', '--json'), run('show', subscription.subscription_id)]))
      .map((one) => one.stdout)
      .join();
    expect(seen).not.toContain('whsec_');
    const short = await signalbox(store.uri, args, 'whsec_c2hvcnQ=', local);
    expect(short).toMatchObject({ code: 1, stderr: expect.stringContaining('24 to 64 bytes') });
    expect(short.stderr).not.toContain('c2hvcnQ');
  });

  it.each([
    ['an address without TLS', ['create', 'x', 'http://hooks.example.com/'], 'https://'],
    ['a private address', ['create', 'x', 'https://10.0.0.1/'], 'WEBHOOK_ALLOWED_NETWORKS'],
    ['an unknown event', ['create', 'x', url, '--type', 'Nope'], 'types[0]: must be one of'],
    ['an unknown rule', ['create', 'x', url, '--rule', 'none'], 'rule_id: is not the id of a rule'],
    ['a subscription that is not there', ['rotate', 'none'], 'no such subscription'],
    ['a range without a beginning', ['redeliver', 'none'], 'since: must be given'],
    ['a time without an offset', ['redeliver', 'none', '--since', '2026-01-01'], 'since: must be a time'],
    ['an event that is no id', ['resend', 'none', 'x'], 'event_id: must be the id of an event'],
  ])('refuses %s', async (_, args, said) => {
    const { code, stderr } = await signalbox(store.uri, ['subscriptions', ...args]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(said) });
  });

  it('tries a receiver, and ends with 1 when that does not take the event', async () => {
    const receiver = await startReceiver(({ url: asked }, response) =>
      response.writeHead(asked === '/bad' ? 500 : 204).end('what went wrong'),
    );
    const { subscription, secret } = await made();
    const { subscription_id: id } = subscription;
    await run('update', id, '--url', receiver.url);
    expect(await run('test', id)).toMatchObject({ code: 0, stdout: expect.stringContaining('204') });
    const verify = await documentedVerify();
    const [{ headers, body }] = receiver.requests as [(typeof receiver.requests)[0]];
    expect(verify(secret, headers, body)).toMatchObject({ type: 'WorkflowCompleted' });
    await run('update', id, '--url', `${receiver.url}/bad`);
    const { code, stdout, stderr } = await run('test', id);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('did not take it') });
    expect(stdout).toContain('what went wrong');
    await receiver.close();
  });

  it('lists attempts and what waits, and sends events again', async () => {
    const { subscription_id } = (await made()).subscription;
    const event_id = randomUUID();
    const log = createLifecycleLog(store.connection);
    await log.open('topic');
    await log.add([
      {
        eventId: event_id,
        topicId: 'topic',
        partition: 0,
        offset: 0,
        executionId: 'rule:event',
        sequence: 0,
        processId: 'rule',
        tenantId: 'default',
        type: 'WorkflowStarted',
        occurredAt: '2026-01-01T00:00:00.000Z',
        text: '{}',
      },
    ]);
    await log.advance('topic', [{ partition: 0, next: 1 }]);
    await createDeliveryAttempts(store.connection).add([
      deliveryAttempt({ subscription_id, event_id, excerpt: 'fine' }),
    ]);
    expect((await run('attempts', subscription_id, '--outcome', 'delivered')).stdout).toContain('fine');
    expect((await run('attempts', subscription_id, '--outcome', 'failed')).stdout).not.toContain('fine');
    expect(await run('resend', subscription_id, event_id)).toMatchObject({ code: 0 });
    expect((await run('pending', subscription_id)).stdout).toContain(event_id);
    const queue = await createPendingDeliveries(store.connection).get({ subscription_id, execution_id: 'rule:event' });
    expect(queue?.events).toMatchObject([{ event_id, attempts: 0 }]);
    const redelivered = await run('redeliver', subscription_id, '--since', '2026-01-01T00:00:00Z', '--only-failed');
    expect(redelivered.stdout).toMatch(/^redelivery \S+: looks through 1 events\n$/);
    expect(await createDeliveryCursors(store.connection).all()).toMatchObject([
      { next: 0, until: 1, only_failed: true },
    ]);
    expect(await run('redeliver', subscription_id, '--after', 'other.0')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('kept no longer'),
    });
  });
});
