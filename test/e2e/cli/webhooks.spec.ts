/** `signalbox webhooks …` on a real store. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createWorkflowWebhooks } from '#libs/store/workflow-webhooks/workflow-webhook.repository.ts';
import { findValidKey } from '#libs/domain/workflow-webhooks/webhook-key.ts';
import type { WithAddresses } from '#libs/workflow-webhooks/webhook-addresses.ts';
import { signalbox, type CliResult } from '../../support/cli.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
});
afterAll(() => store.drop());

const run = (...args: string[]): Promise<CliResult> => signalbox(store.uri, ['webhooks', ...args]);
async function shown(id: string): Promise<WithAddresses> {
  return JSON.parse((await run('show', id, '--json')).stdout) as WithAddresses;
}
async function isValid(id: string, key: string): Promise<boolean> {
  const stored = await createWorkflowWebhooks(store.connection).get(id);
  return findValidKey(stored!.keys, key, Date.now()) !== null;
}

describe('signalbox webhooks', () => {
  it('makes, shows, changes and deletes a workflow webhook, on record', async () => {
    const made = await run('create', 'kyc', 'KYC events', '--brand', 'alpha', '--rate-limit', '600', '--by', 'ada');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toContain('http://127.0.0.1:8080/webhooks/kyc/handshake');
    const [key = ''] = /whk_[0-9a-f_]+$/.exec(made.stdout.trim()) ?? [];
    expect(await isValid('kyc', key)).toBe(true);
    expect(await shown('kyc')).toMatchObject({ id: 'kyc', brand: 'alpha', rate_limit: 600, enabled: true, version: 1 });
    expect((await run('list')).stdout).toMatch(/kyc +enabled +alpha +required +1 +KYC events/);
    expect((await run('disable', 'kyc')).stdout).toBe('disabled: kyc\n');
    expect((await run('enable', 'kyc')).stdout).toBe('enabled: kyc\n');
    const types = ['--event-type', 'kyc.passed=customer.kyc_changed', '--event-type', 'a.b=c.d'];
    const changed = await run('update', 'kyc', '--any-brand', '--unlimited', '--token-exchange', 'disabled', ...types);
    expect(changed).toMatchObject({ code: 0, stderr: '' });
    expect(await shown('kyc')).toMatchObject({
      brand: null,
      rate_limit: null,
      token_exchange: 'disabled',
      event_types: { 'kyc.passed': 'customer.kyc_changed', 'a.b': 'c.d' },
      version: 4,
    });
    expect((await run('delete', 'kyc')).stdout).toBe('deleted: kyc\n');
    expect(await run('show', 'kyc')).toMatchObject({ code: 1, stderr: expect.stringContaining('no such workflow') });
    const noted = await createAuditLog(store.connection).list({ target: 'webhook/kyc' });
    expect(noted.items.map(({ operation }) => operation)).toEqual(
      ['delete', 'update', 'update', 'update', 'create'].map((verb) => `webhook.${verb}`),
    );
    expect(noted.items.at(-1)).toMatchObject({ by: 'ada', outcome: 'done' });
  });

  it('rotates and revokes keys, each shown once', async () => {
    const { key } = JSON.parse((await run('create', 'keys', 'x', '--json')).stdout) as { key: string };
    const rotated = JSON.parse((await run('rotate', 'keys', '--overlap-hours', '1', '--json')).stdout) as {
      webhook: WithAddresses;
      key: string;
    };
    expect([await isValid('keys', key), await isValid('keys', rotated.key)]).toEqual([true, true]);
    const [, before] = rotated.webhook.keys;
    expect((Date.parse(before!.ends_at!) - Date.now()) / 3_600_000).toBeCloseTo(1, 1);
    expect((await run('revoke', 'keys', before!.key_id)).stdout).toBe(`revoked: ${before!.key_id}\n`);
    expect([await isValid('keys', key), await isValid('keys', rotated.key)]).toEqual([false, true]);
    const seen = (await Promise.all([run('show', 'keys'), run('list', '--json')])).map(({ stdout }) => stdout).join();
    expect(seen).not.toContain('whk_');
    expect(seen).not.toContain((await createWorkflowWebhooks(store.connection).get('keys'))!.keys[0]!.hash);
  });

  it.each([
    ['an id with a colon', ['create', 'a:b', 'x'], 'id: must be'],
    [
      'a type without a trigger',
      ['create', 'x', 'x', '--event-type', 'a.b'],
      'event-type: must be a type and its trigger',
    ],
    ['a type without a dot', ['create', 'x', 'x', '--event-type', 'a=b'], 'event_types.a'],
    ['a webhook nobody knows', ['rotate', 'none'], 'no such workflow webhook'],
    ['a key nobody knows', ['revoke', 'keys', 'none'], 'no such key'],
  ])('refuses %s', async (_, args, message) => {
    expect(await run(...args)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) });
  });
});
