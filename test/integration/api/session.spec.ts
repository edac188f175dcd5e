/** What the API says of a session to whoever holds it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { startTestApi, type TestApi, type TokenOptions } from '../../support/api.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let api: TestApi;

beforeAll(async () => {
  store = await openTestStore();
  const managers = [{ id: 7, name: 'Ada', email: 'ada@acme.example', enabled: true }];
  await createDirectory(store.connection).load({ managers });
  api = await startTestApi({ MONGODB_URI: store.uri });
});
afterAll(async () => {
  await api?.close();
  await store?.drop();
});

const sessionOf = async (role: string, options: TokenOptions = {}) =>
  (await api.as(role, '/api/workflow/session', {}, options)).body.data?.['session'];

it('names the person, the role, the brands and the end', async () => {
  const before = Date.now();
  const told = await sessionOf('SESSION_DEALER', { sub: 'ada@acme.example', brands: ['oak'], endsIn: 100 });
  expect(told).toMatchObject({
    user_id: 'ada@acme.example',
    names: ['7', 'ada@acme.example'],
    kind: 'person',
    role: 'SESSION_DEALER',
    brands: ['oak'],
    permissions: ['answer_approvals'],
  });
  const endsAt = Date.parse((told as { ends_at: string }).ends_at);
  expect(Math.abs(endsAt - before - 100_000)).toBeLessThan(5_000);
});

it('says what an administrator may do beyond reading, of all brands or of some', async () => {
  const all = ['answer_approvals', 'administer', 'administer_all_brands'];
  expect(await sessionOf('SESSION_ADMIN')).toMatchObject({ brands: null, permissions: all });
  expect(await sessionOf('SESSION_ADMIN', { brands: ['oak'] })).toMatchObject({ permissions: all.slice(0, 2) });
});

it('knows a key, which answers no approvals, and a session that ends after all dates', async () => {
  const made = await api.as('SESSION_ADMIN', '/api/workflow/api-keys', {
    method: 'POST',
    body: { name: 'import', role: 'SESSION_ADMIN' },
  });
  const authorization = `Bearer ${made.body.data?.['key'] as string}`;
  const { body } = await api.ask('/api/workflow/session', { authorization });
  const wanted = { kind: 'api_key', permissions: ['administer', 'administer_all_brands'], ends_at: null };
  expect(body.data?.['session']).toMatchObject(wanted);
  expect(await sessionOf('SESSION_ADMIN', { endsIn: 1e15 })).toMatchObject({ ends_at: '9999-12-31T23:59:59.000Z' });
});
