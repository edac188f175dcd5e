/** `signalbox hooks …` on a real store. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashToken, type WebhookApplication } from '#libs/domain/hooks/webhook-application.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createWebhookApplications } from '#libs/store/hooks/webhook-application.repository.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { signalbox, type CliResult } from '../../support/cli.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
  await createDirectory(store.connection).load({ users: [{ id: 1, username: 'crm-gateway', enabled: true }] });
});
afterAll(() => store.drop());

const settings = { API_PUBLIC_URL: 'https://signalbox.example' };
const run = (...args: string[]): Promise<CliResult> => signalbox(store.uri, ['hooks', ...args], '', settings);

async function made(...args: string[]): Promise<{ application: WebhookApplication; token: string; url: string }> {
  const { code, stdout, stderr } = await run('create', 'crm', '--json', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as { application: WebhookApplication; token: string; url: string };
}
const found = (token: string) => createWebhookApplications(store.connection).findByToken(hashToken(token));

describe('signalbox hooks', () => {
  it('makes, shows, changes, disables and deletes an application, on record', async () => {
    const { application, token, url } = await made(
      '--user',
      'crm-gateway',
      '--description',
      'Of the CRM',
      '--by',
      'ada',
    );
    const { application_id: id } = application;
    expect(url).toBe(`https://signalbox.example/hooks/${token}`);
    expect(application).toMatchObject({ impersonate_username: 'crm-gateway', description: 'Of the CRM' });
    expect(await found(token)).toEqual(application);
    expect(JSON.parse((await run('show', id, '--json')).stdout)).toEqual(application);
    expect((await run('list')).stdout).toMatch(new RegExp(`${id} +enabled +crm +crm-gateway`));
    const changed = await run('update', id, '--default-user', '--name', 'books', '--by', 'ada', '--json');
    expect(JSON.parse(changed.stdout)).toMatchObject({ name: 'books', impersonate_username: null, version: 2 });
    expect((await run('disable', id, '--by', 'ada')).stdout).toBe(`disabled: ${id}\n`);
    expect((await run('enable', id, '--by', 'ada')).stdout).toBe(`enabled: ${id}\n`);
    expect((await run('show', id)).stdout).toContain('HOOKS_DEFAULT_USERNAME');
    expect((await run('delete', id, '--by', 'ada')).stdout).toBe(`deleted: ${id}\n`);
    expect(await run('show', id)).toMatchObject({ code: 1 });
    const { items } = await createAuditLog(store.connection).list({ target: `hook/${id}` });
    expect(items.map(({ operation, by }) => `${operation} by ${by}`)).toEqual(
      ['delete', 'enable', 'disable', 'update', 'create'].map((verb) => `hook.${verb} by ada`),
    );
  });

  it('gives another token, and shows neither again', async () => {
    const first = await made();
    const { application_id: id } = first.application;
    const { stdout } = await run('regenerate', id);
    const token = /hooks\/([A-Za-z0-9_-]{43})\n$/.exec(stdout)?.[1] ?? '';
    expect(await found(first.token)).toBeNull();
    expect(await found(token)).toMatchObject({ application_id: id });
    const shown = `${(await run('list', '--json')).stdout}${(await run('show', id)).stdout}`;
    for (const secret of [first.token, token, hashToken(token)]) expect(shown).not.toContain(secret);
  });

  it('refuses a user who is not there', async () => {
    const { code, stderr } = await run('create', 'crm', '--user', 'nobody');
    expect(code).toBe(1);
    expect(stderr).toContain('impersonate_username: there is no user "nobody" in the directory');
  });
});
