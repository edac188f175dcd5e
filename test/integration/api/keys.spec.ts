/** Keys for machines over HTTP, on a real store. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiKey } from '#libs/domain/access/api-key.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { startTestApi, type Answer, type TestApi, type TokenOptions } from '../../support/api.ts';
import { approval } from '../../support/approvals.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let api: TestApi;
let strict: TestApi;
beforeAll(async () => {
  store = await openTestStore();
  api = await startTestApi({ MONGODB_URI: store.uri });
  strict = await startTestApi({ MONGODB_URI: store.uri, RULES_FOUR_EYES: 'true' });
});
afterAll(async () => {
  await api?.close();
  await strict?.close();
  await store?.drop();
});

const path = '/api/workflow/api-keys';
const ask = (method: string, more = '', body?: object, session: TokenOptions = {}) =>
  api.as('SESSION_ADMIN', `${path}${more}`, { method, body }, session);
const keyIn = ({ body }: Answer): ApiKey => body.data!['api_key'] as ApiKey;
const listed = (answer: Answer): string[] =>
  (answer.body.data!['api_keys'] as ApiKey[]).map(({ api_key_id }) => api_key_id);

async function made(body: object = {}, session: TokenOptions = {}): Promise<{ key: ApiKey; authorization: string }> {
  const answer = await ask('POST', '', { name: 'import', role: 'SESSION_ADMIN', ...body }, session);
  expect(answer.status).toBe(201);
  return { key: keyIn(answer), authorization: `Bearer ${answer.body.data!['key'] as string}` };
}

const rule = (more: object = {}) => ({
  id: uniqueName('rule'),
  name: 'Of a machine',
  brand: 'alpha',
  trigger_event: 'customer.deposited',
  actions: [{ type: 'add_note', params: { body: 'x' } }],
  ...more,
});

describe('an API key', () => {
  it('does what its role may, until it is revoked', async () => {
    const { key, authorization } = await made();
    const written = await api.ask('/api/workflow/rules', { method: 'POST', authorization, body: { rule: rule() } });
    expect(written).toMatchObject({
      status: 201,
      body: { data: { rule: { created_by: `machine:${key.api_key_id}` } } },
    });
    expect(await ask('DELETE', `/${key.api_key_id}`)).toMatchObject({
      status: 200,
      body: { data: { api_key: { revoked_by: 'alice', revoked_at: expect.any(String) } } },
    });
    expect(await api.ask('/api/workflow/rules', { authorization })).toMatchObject({
      status: 401,
      body: { error: { code: 'no_session' } },
    });
    // Again, by somebody else: nothing changes any more.
    const again = await ask('DELETE', `/${key.api_key_id}`, undefined, { sub: 'bob' });
    expect(keyIn(again)).toMatchObject({ revoked_by: 'alice' });
  });

  it('is shown once: neither lists nor the store nor the audit log hold it', async () => {
    const { key, authorization } = await made({ name: 'shown once' });
    const secret = authorization.slice(-64);
    const list = await ask('GET');
    expect(listed(list)).toContain(key.api_key_id);
    const kept = await store.connection.collection('api_keys').find().toArray();
    const noted = (await createAuditLog(store.connection).list({ target: `api_key/${key.api_key_id}` })).items;
    expect(noted).toMatchObject([{ operation: 'api_key.create', by: 'alice', outcome: 'done' }]);
    expect(JSON.stringify([list.body, kept, noted])).not.toContain(secret);
  });

  it('sees its brands only', async () => {
    const { authorization } = await made({ brands: ['beta'] });
    const id = uniqueName('rule');
    await api.as('SESSION_ADMIN', '/api/workflow/rules', { method: 'POST', body: { rule: rule({ id }) } });
    expect((await api.ask(`/api/workflow/rules/${id}`, { authorization })).status).toBe(404);
  });

  it('of a brand is nobody’s business who is not for all its brands', async () => {
    const { key } = await made({ brands: ['alpha', 'beta'] });
    const alpha = { brands: ['alpha'] };
    expect(listed(await ask('GET', '', undefined, alpha))).not.toContain(key.api_key_id);
    for (const id of [key.api_key_id, '0000000000000000']) {
      expect(await ask('DELETE', `/${id}`, undefined, alpha)).toMatchObject({
        status: 404,
        body: { error: { code: 'api_key_not_found' } },
      });
    }
    expect(await ask('POST', '', { name: 'more', role: 'SESSION_ADMIN', brands: ['beta'] }, alpha)).toMatchObject({
      status: 403,
      body: { error: { code: 'access_denied' } },
    });
    const own = await made({ name: 'own' }, alpha);
    expect(own.key.brands).toEqual(['alpha']);
  });

  it('is made once by a request that is sent again, which is told so', async () => {
    const headers = { 'idempotency-key': uniqueName('key') };
    const request = { method: 'POST', body: { name: 'sent again', role: 'SESSION_DEALER' }, headers };
    const answers = [await api.as('SESSION_ADMIN', path, request), await api.as('SESSION_ADMIN', path, request)];
    expect(answers).toMatchObject([{ status: 201 }, { status: 409, body: { error: { code: 'api_key_made' } } }]);
    const kept = await store.connection.collection('api_keys').countDocuments({ name: 'sent again' });
    expect(kept).toBe(1);
  });

  it('leaves those for other brands out of lists without a trace', async () => {
    const own = { brands: ['gamma'] };
    const first = await made({ name: 'first' }, own);
    for (let count = 0; count < 3; count += 1) await made({ brands: ['delta'] });
    const second = await made({ name: 'second' }, own);
    await made({ brands: ['delta'] });
    const page = await ask('GET', '?limit=1', undefined, own);
    expect(listed(page)).toEqual([second.key.api_key_id]);
    const next = await ask('GET', `?limit=1&cursor=${String(page.body.data!['next_cursor'])}`, undefined, own);
    expect(listed(next)).toEqual([first.key.api_key_id]);
    expect(next.body.data!['next_cursor']).toBeNull();
  });

  it('sets nothing off that whoever made it may then approve', async () => {
    const { key } = await made();
    const token = 'd'.repeat(64);
    const asked = {
      approvers: { roles: ['SESSION_ADMIN'], users: [] },
      forbidden_users: [`machine:${key.api_key_id}`],
    };
    await createApprovals(store.connection).put(approval({ token, run_id: 'r:e', tenant: 'alpha', ...asked }));
    const answer = (sub: string) =>
      api.as(
        'SESSION_ADMIN',
        `/api/workflow/approvals/${token}`,
        { method: 'POST', body: { decision: 'approve' } },
        { sub },
      );
    expect(await answer('alice')).toMatchObject({ status: 403, body: { error: { code: 'not_entitled' } } });
    // He may: the run itself is what there is not.
    expect(await answer('bob')).toMatchObject({ status: 409, body: { error: { code: 'approval_conflict' } } });
    const mine = async (sub: string) =>
      (await api.as('SESSION_ADMIN', '/api/workflow/approvals?mine=true', {}, { sub })).body.data!['approvals'] as {
        token: string;
      }[];
    expect((await mine('alice')).filter((one) => one.token === token)).toEqual([]);
    expect((await mine('bob')).filter((one) => one.token === token)).toHaveLength(1);
  });

  it('makes no keys, and answers no questions to people', async () => {
    const { authorization } = await made();
    const body = { name: 'child', role: 'SESSION_ADMIN' };
    expect(await api.ask(path, { method: 'POST', authorization, body })).toMatchObject({
      status: 403,
      body: { error: { code: 'access_denied' } },
    });
    const token = 'c'.repeat(64);
    const approvers = { roles: ['SESSION_ADMIN'], users: [] };
    await createApprovals(store.connection).put(approval({ token, run_id: 'r:e', tenant: 'alpha', approvers }));
    const answer = { method: 'POST', authorization, body: { decision: 'approve' } };
    expect(await api.ask(`/api/workflow/approvals/${token}`, answer)).toMatchObject({
      status: 403,
      body: { error: { code: 'not_entitled' } },
    });
  });

  it('is refused, with every issue named', async () => {
    const body = { name: '', role: 'ROOT', brands: [], expires_at: 'soon', colour: 'red' };
    const answer = await ask('POST', '', body);
    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'invalid_body' } } });
    expect(answer.body.error!.details!.map(({ path: place }) => place).sort()).toEqual([
      'brands',
      'colour',
      'expires_at',
      'name',
      'role',
    ]);
    const past = { name: 'past', role: 'SESSION_ADMIN', expires_at: '2020-01-01T00:00:00Z' };
    expect(await ask('POST', '', past)).toMatchObject({
      status: 422,
      body: { error: { details: [{ path: 'expires_at' }] } },
    });
  });
});

describe('publishing by two persons', () => {
  it('takes no key for a person, nor what it wrote for somebody else’s', async () => {
    const { authorization } = await made();
    const draft = rule({ status: 'draft' });
    const write = { method: 'POST', authorization, body: { rule: draft } };
    expect((await strict.ask('/api/workflow/rules', write)).status).toBe(201);
    const activation = { method: 'POST', body: { status: 'active' } };
    const place = `/api/workflow/rules/${draft.id}/status`;
    const refused = { status: 403, body: { error: { code: 'four_eyes_required' } } };
    expect(await strict.ask(place, { ...activation, authorization })).toMatchObject(refused);
    expect(await strict.as('SESSION_ADMIN', place, activation, { sub: 'alice' })).toMatchObject(refused);
    expect(await strict.as('SESSION_ADMIN', place, activation, { sub: 'bob' })).toMatchObject({ status: 200 });
  });
});
