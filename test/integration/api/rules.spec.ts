/** Rules over HTTP: made, changed, published, archived and deleted, on a real store. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RuleDifference } from '#libs/domain/rules/rule-diff.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { managerRoles } from '#libs/contracts/session.schema.ts';
import { startTestApi, type Answer, type Request, type TestApi, type TokenOptions } from '../../support/api.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';
import { uniqueName } from '../../support/servers.ts';

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

const rules = '/api/workflow/rules';
const written = (more: object = {}): Record<string, unknown> => ({
  name: 'Big deposit',
  brand: 'alpha',
  trigger_event: 'customer.deposited',
  conditions: { field: 'event.amount', operator: 'gte', value: 1000 },
  actions: [{ type: 'add_note', params: { body: 'Call them' } }],
  ...more,
});
const ask = (
  method: string,
  path: string,
  body?: object,
  headers: Request['headers'] = {},
  session: TokenOptions = {},
) => api.as('SESSION_ADMIN', `${rules}${path}`, { method, body, headers }, session);
const ruleIn = ({ body }: Answer): Rule => body.data!['rule'] as Rule;

async function made(more: object = {}): Promise<Rule> {
  const answer = await ask('POST', '', { rule: written({ id: uniqueName('rule'), ...more }) });
  expect(answer).toMatchObject({ status: 201, body: { success: true } });
  return ruleIn(answer);
}

describe('operations', () => {
  it('R-003 R-100 makes a rule, and answers with everything that is stored of it', async () => {
    const answer = await ask('POST', '', { rule: written() });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('etag')).toBe('"1"');
    const rule = ruleIn(answer);
    expect(rule).toMatchObject({ ...written(), version: 1, status: 'active', created_by: 'alice', archived_at: null });
    expect(rule.id).toMatch(/^big-deposit-[0-9a-f]{16}$/);
    const read = await api.as('SESSION_DEALER', `${rules}/${rule.id}`);
    expect(read.body.data).toEqual({ rule });
    expect(read.headers.get('etag')).toBe('"1"');
  });

  it('R-003 R-101 changes a rule on the version that was read', async () => {
    const { id } = await made();
    const answer = await ask('PUT', `/${id}`, { rule: written({ priority: 5 }), version: 1 });
    expect(answer).toMatchObject({ status: 200, body: { data: { rule: { id, version: 2, priority: 5 } } } });
    expect(answer.headers.get('etag')).toBe('"2"');
    const stale = await ask('PUT', `/${id}`, { rule: written({ priority: 6 }), version: 1 });
    expect(stale).toMatchObject({ status: 409, body: { error: { code: 'version_conflict' } } });
    const byTag = await ask('PUT', `/${id}`, { rule: written({ priority: 6 }) }, { 'if-match': '"2"' });
    expect(byTag).toMatchObject({ status: 200, body: { data: { rule: { version: 3, priority: 6 } } } });
  });

  it('R-003 R-102 archives a rule: it can be read, and never changed again', async () => {
    const { id } = await made();
    expect(await ask('POST', `/${id}/archive`)).toMatchObject({
      status: 200,
      body: { data: { rule: { id, status: 'archived', version: 2 } } },
    });
    expect((await ask('GET', `/${id}`)).status).toBe(200);
    expect(await ask('PUT', `/${id}`, { rule: written({ priority: 1 }), version: 2 })).toMatchObject({
      status: 409,
      body: { error: { code: 'rule_archived' } },
    });
    expect(await ask('POST', `/${id}/rollback`, { to: 1, version: 2 })).toMatchObject({
      status: 409,
      body: { error: { code: 'rule_archived' } },
    });
  });

  it('R-003 R-103 deletes a rule, and keeps its versions', async () => {
    const { id } = await made();
    expect(await ask('DELETE', `/${id}`)).toMatchObject({ status: 200, body: { data: { id, deleted: true } } });
    expect(await ask('GET', `/${id}`)).toMatchObject({ status: 404, body: { error: { code: 'rule_not_found' } } });
    expect(await ask('DELETE', `/${id}`)).toMatchObject({ status: 404 });
    expect((await ask('GET', `/${id}/versions`)).body.data).toMatchObject({
      versions: [
        { version: 2, deleted: true, by: 'alice' },
        { version: 1, deleted: false },
      ],
    });
  });

  const writes: [method: string, path: string, body?: object][] = [
    ['POST', '', { rule: written() }],
    ['PUT', '/ID', { rule: written(), version: 1 }],
    ['POST', '/ID/archive'],
    ['DELETE', '/ID'],
  ];
  const refusedOf: Record<string, string> = {
    SESSION_MANAGER: 'R-104',
    SESSION_DEALER: 'R-105',
    SESSION_CRM_MANAGER: 'R-106',
    SESSION_CRM_ADMIN: 'R-107',
  };
  it.each(managerRoles.filter((role) => role !== 'SESSION_ADMIN').map((role) => [refusedOf[role], role] as const))(
    '%s refuses %s to make, change, archive or delete',
    async (_, role) => {
      const before = await made();
      for (const [method, path, body] of writes) {
        const answer = await api.as(role, `${rules}${path.replace('ID', before.id)}`, { method, body });
        expect(answer).toMatchObject({ status: 403, body: { error: { code: 'access_denied' } } });
      }
      expect(ruleIn(await ask('GET', `/${before.id}`))).toEqual(before);
    },
  );
});

describe('a request that is wrong', () => {
  it('names every issue in the rule with its path, and stores nothing', async () => {
    const id = uniqueName('rule');
    const rule = written({ id, priority: -1, colour: 'red', conditions: { field: 'nope', operator: 'gte', value: 1 } });
    const answer = await ask('POST', '', { rule });
    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'invalid_rule' } } });
    expect(answer.body.error?.details?.map(({ path }) => path).sort()).toEqual([
      'colour',
      'conditions.field',
      'priority',
    ]);
    expect((await ask('GET', `/${id}`)).status).toBe(404);
  });

  it('needs the version that was read, once, and as an answer gave it', async () => {
    const { id } = await made();
    const body = { rule: written({ priority: 3 }) };
    expect(await ask('PUT', `/${id}`, body)).toMatchObject({
      status: 422,
      body: { error: { details: [{ path: 'version', code: 'required' }] } },
    });
    expect(await ask('PUT', `/${id}`, { ...body, version: 1 }, { 'if-match': '"2"' })).toMatchObject({ status: 422 });
    expect(await ask('PUT', `/${id}`, body, { 'if-match': 'W/"1"' })).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_header', details: [{ path: 'if-match' }] } },
    });
    expect(await ask('PUT', `/${id}`, { ...body, version: 'one' })).toMatchObject({
      status: 422,
      body: { error: { details: [{ path: 'version' }] } },
    });
    expect(await ask('DELETE', `/${id}`, undefined, { 'if-match': '"7"' })).toMatchObject({
      status: 409,
      body: { error: { code: 'version_conflict' } },
    });
  });

  it('an id that is taken, or another than that of the address, is refused', async () => {
    const { id } = await made();
    expect(await ask('POST', '', { rule: written({ id }) })).toMatchObject({
      status: 409,
      body: { error: { code: 'version_conflict' } },
    });
    expect(await ask('PUT', `/${id}`, { rule: written({ id: 'another' }), version: 1 })).toMatchObject({
      status: 422,
      body: { error: { details: [{ path: 'id' }] } },
    });
  });

  it('is not one with a tree of 10,000 nodes, wide or deep', async () => {
    const leaf = { field: 'event.a', operator: 'eq', value: 1 };
    let deep: object = leaf;
    for (let depth = 1; depth < 10_000; depth += 1) deep = { not: deep };
    for (const conditions of [{ match: 'any', rules: Array.from({ length: 10_000 }, () => leaf) }, deep]) {
      const { id } = await made({ conditions });
      expect(await ask('PUT', `/${id}`, { rule: written(), version: 1 })).toMatchObject({ status: 200 });
      expect((await ask('GET', `/${id}/versions/2`)).status).toBe(200);
    }
  });
});

describe('Idempotency-Key', () => {
  it('makes one rule of a request that is sent again, also at the same time', async () => {
    const key = { 'idempotency-key': uniqueName('key') };
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask('POST', '', { rule: written() }, key)));
    const later = await ask('POST', '', { rule: written() }, key);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 201));
    expect(later.status).toBe(201);
    expect(new Set([...answers.filter(({ status }) => status === 201), later].map((one) => ruleIn(one).id)).size).toBe(
      1,
    );
    const other = await ask('POST', '', { rule: written({ name: 'Other' }) }, key);
    expect(other).toMatchObject({ status: 422, body: { error: { code: 'idempotency_key_reused' } } });
  });

  it('with an id of the writer gives the rule back while it is there, and makes it anew once it was deleted', async () => {
    const rule = written({ id: uniqueName('rule') });
    const create = () => ask('POST', '', { rule }, { 'idempotency-key': uniqueName('key') });
    const { id } = ruleIn(await create());
    expect(ruleIn(await create())).toMatchObject({ id, version: 1 });
    await ask('DELETE', `/${id}`);
    expect(ruleIn(await create())).toMatchObject({ id, version: 3 });
    const other = await ask('POST', '', { rule: { ...rule, name: 'Other' } }, { 'idempotency-key': 'k' });
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'version_conflict' } } });
    await ask('PUT', `/${id}`, { rule: { ...rule, priority: 7 }, version: 3 });
    expect(await create()).toMatchObject({ status: 409, body: { error: { code: 'version_conflict' } } });
  });

  it('is refused when it cannot be one', async () => {
    const answer = await ask('POST', '', { rule: written() }, { 'idempotency-key': 'with blanks' });
    expect(answer).toMatchObject({ status: 400, body: { error: { details: [{ path: 'idempotency-key' }] } } });
  });
});

describe('sessions for some brands', () => {
  const beta = { brands: ['beta'] };
  it('write rules of these alone, and learn nothing of the others', async () => {
    const [alpha, everybody] = [await made(), await made({ brand: null })];
    expect(await ask('POST', '', { rule: written() }, {}, beta)).toMatchObject({ status: 403 });
    expect(await ask('POST', '', { rule: written({ brand: null }) }, {}, beta)).toMatchObject({ status: 403 });
    expect(await ask('DELETE', `/${alpha.id}`, undefined, {}, beta)).toMatchObject({ status: 404 });
    expect(await ask('GET', `/${alpha.id}/versions`, undefined, {}, beta)).toMatchObject({ status: 404 });
    expect(await ask('GET', `/${alpha.id}/versions/1`, undefined, {}, beta)).toMatchObject({ status: 404 });
    expect(await ask('DELETE', `/${everybody.id}`, undefined, {}, beta)).toMatchObject({ status: 403 });
    const own = await ask('POST', '', { rule: written({ brand: 'beta' }) }, {}, beta);
    const moved = await ask('PUT', `/${ruleIn(own).id}`, { rule: written(), version: 1 }, {}, beta);
    expect(moved).toMatchObject({ status: 403, body: { error: { code: 'access_denied' } } });
  });
});

describe('an id that another brand has had', () => {
  it('tells nothing of the rule that was deleted there, nor gives an old request what is not there', async () => {
    const id = uniqueName('rule');
    const [alpha, beta] = [{ brands: ['alpha'] }, { brands: ['beta'], sub: 'beta-admin' }];
    const key = { 'idempotency-key': uniqueName('key') };
    const made = await ask('POST', '', { rule: written({ id }) }, key, alpha);
    expect(made.status).toBe(201);
    await ask('DELETE', `/${id}`, undefined, {}, alpha);
    await ask('POST', '', { rule: written({ id, brand: 'beta' }) }, {}, beta);
    expect(await ask('POST', '', { rule: written({ id }) }, key, alpha)).toMatchObject({
      status: 409,
      body: { error: { code: 'version_conflict' } },
    });
    await ask('DELETE', `/${id}`, undefined, {}, beta);
    await ask('POST', '', { rule: written({ id }) }, {}, alpha);
    const { body } = await ask('GET', `/${id}/versions`, undefined, {}, alpha);
    expect((body.data!['versions'] as { version: number }[]).map(({ version }) => version)).toEqual([5, 2, 1]);
    expect(JSON.stringify(body)).not.toContain('beta');
  });
});

describe('a rule that has come from another brand', () => {
  it('tells nothing of what it said there', async () => {
    const { id } = await made({ name: 'Secret of alpha' });
    await ask('PUT', `/${id}`, { rule: written({ brand: 'beta', name: 'Of beta' }), version: 1 });
    const beta = { brands: ['beta'] };
    const { body } = await ask('GET', `/${id}/versions`, undefined, {}, beta);
    expect(body.data!['versions']).toMatchObject([{ version: 2 }]);
    expect(JSON.stringify(body)).not.toContain('alpha');
    expect((await ask('GET', `/${id}/versions/1`, undefined, {}, beta)).status).toBe(404);
    const second = await ask('GET', `/${id}/versions/2`, undefined, {}, beta);
    expect(JSON.stringify(second.body)).not.toContain('alpha');
    expect(await ask('POST', `/${id}/rollback`, { to: 1 }, {}, beta)).toMatchObject({
      status: 404,
      body: { error: { code: 'version_not_found' } },
    });
  });
});

describe('versions', () => {
  it('say who changed what, and can be gone back to', async () => {
    const { id } = await made({ status: 'draft' });
    await ask('PUT', `/${id}`, { rule: written({ priority: 5, status: 'draft' }), version: 1 }, {}, { sub: 'bob' });
    await ask('POST', `/${id}/status`, { status: 'active' });
    const { versions } = (await ask('GET', `/${id}/versions?limit=2`)).body.data as {
      versions: { version: number; by: string; changes: RuleDifference[] }[];
    };
    expect(versions).toMatchObject([
      { version: 3, by: 'alice', changes: [{ path: 'status', before: 'draft', after: 'active' }] },
      { version: 2, by: 'bob', changes: [{ path: 'priority', before: 100, after: 5 }] },
    ]);
    const back = await ask('POST', `/${id}/rollback`, { to: 1, version: 3 });
    expect(back).toMatchObject({
      status: 200,
      body: { data: { rule: { version: 4, priority: 100, status: 'active' } } },
    });
    expect((await ask('GET', `/${id}/versions/2`)).body.data).toMatchObject({ rule: { version: 2, priority: 5 } });
    for (const none of ['9', '0', 'x', '1e3']) {
      expect(await ask('GET', `/${id}/versions/${none}`)).toMatchObject({
        status: 404,
        body: { error: { code: 'version_not_found' } },
      });
    }
    expect(await ask('POST', `/${id}/rollback`, { to: 99 })).toMatchObject({ status: 404 });
    for (const keys of [['x'], [1, 2], [{}]]) {
      const cursor = Buffer.from(JSON.stringify(keys)).toString('base64url');
      expect(await ask('GET', `/${id}/versions?cursor=${cursor}`)).toMatchObject({
        status: 400,
        body: { error: { details: [{ path: 'cursor', code: 'invalid_cursor' }] } },
      });
    }
  });

  it('are made, changed and read by 50 clients at once, each its own', async () => {
    const clients = Array.from({ length: 50 }, (_, client) => ({ client, id: uniqueName('own') }));
    await Promise.all(
      clients.map(async ({ client, id }) => {
        expect((await ask('POST', '', { rule: written({ id, priority: client }) })).status).toBe(201);
        const changed = await ask('PUT', `/${id}`, { rule: written({ priority: client + 100 }), version: 1 });
        expect(changed.status).toBe(200);
        expect(ruleIn(await ask('GET', `/${id}`))).toMatchObject({ version: 2, priority: client + 100 });
      }),
    );
    for (const { client, id } of clients) {
      const { body } = await ask('GET', `/${id}/versions/2`);
      expect(body.data!['changes']).toEqual([{ path: 'priority', before: client, after: client + 100 }]);
    }
  });

  it('of 50 clients at once are all kept, and none is lost', async () => {
    const { id } = await made();
    let taken = 0;
    const statuses = new Set<number>();
    await Promise.all(
      Array.from({ length: 50 }, async (_, client) => {
        for (let isTaken = false; !isTaken;) {
          const { version } = ruleIn(await ask('GET', `/${id}`));
          const answer = await ask('PUT', `/${id}`, { rule: written({ description: `by ${client}` }), version });
          isTaken = answer.status === 200;
          statuses.add(answer.status);
          if (isTaken) taken += 1;
        }
      }),
    );
    const saved = (await ask('GET', `/${id}/versions?limit=100`)).body.data!['versions'] as {
      version: number;
      changes: RuleDifference[];
    }[];
    expect(taken).toBe(50);
    expect([...statuses].every((status) => status === 200 || status === 409)).toBe(true);
    expect(saved.map(({ version }) => version)).toEqual(Array.from({ length: 51 }, (_, index) => 51 - index));
    const writers = saved.slice(0, 50).map(({ changes }) => changes.find(({ path }) => path === 'description')?.after);
    expect(new Set(writers).size).toBe(50);
  }, 120_000);
});

describe('publishing by two people', () => {
  const as = (sub: string, method: string, path: string, body: object) =>
    strict.as('SESSION_ADMIN', `${rules}${path}`, { method, body }, { sub });

  it('lets nobody activate what they wrote themselves', async () => {
    expect(await as('ann', 'POST', '', { rule: written() })).toMatchObject({
      status: 403,
      body: { error: { code: 'four_eyes_required' } },
    });
    const { id } = ruleIn(await as('ann', 'POST', '', { rule: written({ status: 'draft' }) }));
    await as('bo', 'POST', `/${id}/status`, { status: 'shadow' });
    expect(await as('ann', 'POST', `/${id}/status`, { status: 'active' })).toMatchObject({ status: 403 });
    expect(await as('bo', 'PUT', `/${id}`, { rule: written({ priority: 1 }), version: 2 })).toMatchObject({
      status: 403,
    });
    expect(await as('bo', 'POST', `/${id}/status`, { status: 'active' })).toMatchObject({ status: 200 });
    expect(await as('bo', 'PUT', `/${id}`, { rule: written({ priority: 1 }), version: 3 })).toMatchObject({
      status: 403,
    });
    expect(await as('ann', 'POST', `/${id}/rollback`, { to: 1 })).toMatchObject({ status: 200 });
    expect(await as('ann', 'POST', `/${id}/status`, { status: 'inactive' })).toMatchObject({ status: 200 });
  });
});
