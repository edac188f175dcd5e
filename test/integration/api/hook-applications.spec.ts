/** Incoming webhook applications over HTTP, on a real store. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashToken, type WebhookApplication } from '#libs/domain/hooks/webhook-application.ts';
import { createApiKeys } from '#libs/store/access/api-key.repository.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createWebhookApplications } from '#libs/store/hooks/webhook-application.repository.ts';
import { drawApiKey } from '#libs/domain/access/api-key.ts';
import { startTestApi, type Answer, type TestApi } from '../../support/api.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

const path = '/api/workflow/hooks';
let store: TestStore;
let api: TestApi;
beforeAll(async () => {
  store = await openTestStore();
  await createDirectory(store.connection).load({ users: [{ id: 1, username: 'crm-gateway', enabled: true }] });
  api = await startTestApi({ MONGODB_URI: store.uri, API_PUBLIC_URL: 'https://signalbox.example/', HOOKS_PATH: '/in' });
});
afterAll(async () => {
  await api?.close();
  await store?.drop();
});

const ask = (method: string, of = '', body?: object): Promise<Answer> =>
  api.as('SESSION_ADMIN', `${path}${of}`, { method, ...(body !== undefined && { body }) });
const shownIn = ({ body }: Answer) => body.data!['application'] as WebhookApplication;
const refused = (status: number, code: string) => ({ status, body: { success: false, error: { code } } });
const made = async (body: object = {}) => {
  const answer = await ask('POST', '', { name: 'crm', ...body });
  expect(answer.status).toBe(201);
  const { token, url } = answer.body.data as { token: string; url: string };
  return { ...shownIn(answer), token, url };
};

describe('an incoming webhook application', () => {
  it('R-194 is made with name and description, read, changed, disabled, enabled and deleted, each on record', async () => {
    const { token: _token, url: _url, ...one } = await made({ description: 'Requests of the CRM' });
    const of = `/${one.application_id}`;
    expect(one).toMatchObject({
      name: 'crm',
      description: 'Requests of the CRM',
      impersonate_username: null,
      enabled: true,
      version: 1,
      created_by: 'alice',
    });
    expect(shownIn(await ask('GET', of))).toEqual(one);
    expect(shownIn(await ask('PATCH', of, { name: 'books' }))).toMatchObject({ name: 'books', version: 2 });
    expect(shownIn(await ask('POST', `${of}/disable`))).toMatchObject({ enabled: false, version: 3 });
    expect(shownIn(await ask('POST', `${of}/enable`))).toMatchObject({ enabled: true, description: one.description });
    expect(await ask('POST', `${of}/token`)).toMatchObject({ status: 200 });
    expect(await ask('DELETE', of)).toMatchObject({ status: 200 });
    for (const [method, more] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/token'],
      ['POST', '/enable'],
    ] as const) {
      expect(await ask(method, `${of}${more}`)).toMatchObject(refused(404, 'application_not_found'));
    }
    const noted = await createAuditLog(store.connection).list({ target: `hook/${one.application_id}` });
    expect(noted.items.map(({ operation, by, outcome }) => [operation, by, outcome])).toEqual(
      ['delete', 'regenerate', 'enable', 'disable', 'update', 'create'].map((verb) => [
        `hook.${verb}`,
        'alice',
        'done',
      ]),
    );
  });

  it('R-195 gets a URL whose last part is a token of 256 random bits', async () => {
    const [one, other] = [await made(), await made()];
    expect(one.token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(one.url).toBe(`https://signalbox.example/in/${one.token}`);
    expect(other.token).not.toBe(one.token);
  });

  it('R-197 R-198 shows its token once: neither lists nor the store nor the audit log hold it', async () => {
    const one = await made();
    const again = (await ask('POST', `/${one.application_id}/token`)).body.data as { token: string };
    const stored = await store.connection.collection('webhook_applications').find().toArray();
    const seen = JSON.stringify([
      (await ask('GET', '?limit=500')).body,
      (await ask('GET', `/${one.application_id}`)).body,
      (await ask('PATCH', `/${one.application_id}`, { name: 'x' })).body,
      (await createAuditLog(store.connection).list({})).items,
      stored,
    ]);
    for (const token of [one.token, again.token]) expect(seen).not.toContain(token);
    expect(JSON.stringify((await ask('GET', '')).body)).not.toContain(hashToken(again.token));
  });

  it('is found by its present token alone', async () => {
    const applications = createWebhookApplications(store.connection);
    const one = await made();
    const id = one.application_id;
    const { token, url, application } = (await ask('POST', `/${id}/token`)).body.data as {
      token: string;
      url: string;
      application: WebhookApplication;
    };
    expect(url).toBe(`https://signalbox.example/in/${token}`);
    expect(Date.parse(application.token_created_at)).toBeGreaterThanOrEqual(Date.parse(one.token_created_at));
    expect(await applications.findByToken(hashToken(one.token))).toBeNull();
    expect(await applications.findByToken(hashToken(token))).toMatchObject({ application_id: id });
    await ask('DELETE', `/${id}`);
    expect(await applications.findByToken(hashToken(token))).toBeNull();
  });

  it('R-199 may act as a user of the directory, and only as one who is there', async () => {
    const one = await made({ impersonate_username: 'crm-gateway' });
    expect(one.impersonate_username).toBe('crm-gateway');
    for (const answer of [
      await ask('POST', '', { name: 'x', impersonate_username: 'nobody' }),
      await ask('PATCH', `/${one.application_id}`, { impersonate_username: 'nobody' }),
    ]) {
      expect(answer).toMatchObject(refused(422, 'invalid_body'));
      expect(answer.body.error?.details?.[0]).toMatchObject({
        path: 'impersonate_username',
        message: expect.stringContaining('no user "nobody"'),
      });
    }
    const none = await ask('PATCH', `/${one.application_id}`, { impersonate_username: null });
    expect(shownIn(none).impersonate_username).toBeNull();
  });

  it('is changed as it was read, or whatever it is', async () => {
    const { application_id: id } = await made();
    const change = (body: object) => ask('PATCH', `/${id}`, body);
    expect(shownIn(await change({ name: 'b', version: 1 })).version).toBe(2);
    expect(await change({ name: 'c', version: 1 })).toMatchObject(refused(409, 'version_conflict'));
    const many = await Promise.all(Array.from({ length: 5 }, (_, index) => change({ name: `n${index}` })));
    const versions = many.map((answer) => shownIn(answer).version);
    expect(versions.toSorted((one, other) => one - other)).toEqual([3, 4, 5, 6, 7]);
  });

  it('is listed newest first, in pages', async () => {
    const ids = [(await made()).application_id, (await made()).application_id];
    const first = (await ask('GET', '?limit=1')).body.data!;
    const second = (await ask('GET', `?limit=1&cursor=${encodeURIComponent(first['next_cursor'] as string)}`)).body
      .data!;
    const listed = [first, second].flatMap((page) => page['applications'] as WebhookApplication[]);
    expect(listed.map(({ application_id }) => application_id)).toEqual(ids.toReversed());
    expect(await ask('GET', '?cursor=nonsense')).toMatchObject(refused(400, 'invalid_input'));
  });

  it('is made once by a request that is sent again, which is told so', async () => {
    const headers = { 'idempotency-key': uniqueName('key') };
    const request = { method: 'POST', body: { name: 'sent again' }, headers };
    const answers = await Promise.all([1, 2, 3].map(() => api.as('SESSION_ADMIN', path, request)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    expect(await api.as('SESSION_ADMIN', path, request)).toMatchObject(refused(409, 'application_made'));
  });

  it('gets no token by an API key, which could outlive it', async () => {
    const { api_key_id, text, hash } = drawApiKey();
    await createApiKeys(store.connection).add({
      api_key_id,
      name: 'import',
      role: 'SESSION_ADMIN',
      brands: null,
      hash,
      created_at: '2026-01-01T00:00:00.000Z',
      created_by: 'ada',
      expires_at: null,
      revoked_at: null,
      revoked_by: null,
    });
    const { application_id: id } = await made();
    const asKey = (method: string, of: string, body?: object) =>
      api.ask(`${path}${of}`, { method, authorization: `Bearer ${text}`, ...(body !== undefined && { body }) });
    expect(await asKey('POST', '', { name: 'x' })).toMatchObject(refused(403, 'access_denied'));
    expect(await asKey('POST', `/${id}/token`)).toMatchObject(refused(403, 'access_denied'));
    expect(await asKey('PATCH', `/${id}`, { impersonate_username: 'crm-gateway' })).toMatchObject({ status: 403 });
    expect(await asKey('POST', `/${id}/disable`)).toMatchObject({ status: 200 });
  });
});
