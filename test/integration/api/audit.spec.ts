/** The audit log over HTTP: what was written, by whom, and what that changed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry } from '#libs/domain/access/audit-log.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { auditedBy } from '../../support/audit.ts';
import { startTestApi, type Answer, type TestApi, type TokenOptions } from '../../support/api.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let api: TestApi;
beforeAll(async () => {
  store = await openTestStore();
  api = await startTestApi({ MONGODB_URI: store.uri });
});
afterAll(async () => {
  await api?.close();
  await store?.drop();
});

const ask = (method: string, path: string, body?: object, session: TokenOptions = {}) =>
  api.as('SESSION_ADMIN', `/api/workflow/${path}`, { method, body }, session);
const entriesIn = ({ body }: Answer): AuditEntry[] => body.data!['entries'] as AuditEntry[];
const audit = async (query: string, session: TokenOptions = {}): Promise<AuditEntry[]> =>
  entriesIn(await ask('GET', `audit?${query}`, undefined, session));

const rule = (more: object = {}) => ({
  id: uniqueName('rule'),
  name: 'Audited',
  brand: 'alpha',
  trigger_event: 'customer.deposited',
  priority: 10,
  actions: [{ type: 'add_note', params: { body: 'x' } }],
  ...more,
});

describe('the audit log', () => {
  it('says who changed what of a rule, and when, also once it is deleted', async () => {
    const written = rule();
    const place = `rules/${written.id}`;
    await ask('POST', 'rules', { rule: written });
    await ask('PUT', place, { rule: { ...written, priority: 20 }, version: 1 }, { sub: 'bob' });
    await ask('PUT', place, { rule: { ...written, priority: 30 }, version: 1 }, { sub: 'late' });
    await ask('POST', `${place}/archive`, undefined, { sub: 'carol' });
    await ask('DELETE', place, undefined, { sub: 'dora' });
    const found = await audit(`target=rule/${written.id}`);
    expect(found).toMatchObject([
      { operation: 'rule.delete', by: 'dora', rule_version: 4, outcome: 'done', brand: 'alpha' },
      { operation: 'rule.archive', by: 'carol', changes: [{ path: 'status', before: 'active', after: 'archived' }] },
      { operation: 'rule.update', by: 'bob', changes: [{ path: 'priority', before: 10, after: 20 }] },
      { operation: 'rule.create', by: 'alice', rule_version: 1, at: expect.any(String) },
    ]);
  });

  it('names the rule of a rule or of a run as it is called now, while there is one that the session may see', async () => {
    const by = uniqueName('auditor');
    const written = rule({ name: 'Once called so' });
    await ask('POST', 'rules', { rule: written }, { sub: by });
    await ask('PUT', `rules/${written.id}`, { rule: { ...written, name: 'Called so' }, version: 1 }, { sub: by });
    const audited = auditedBy(store.connection);
    const ofRun = { operation: 'run.retry', brand: 'alpha', by } as const;
    for (const run of [`${written.id}:e-1:x`, `retry-1/${written.id}:e-1:x`, 'gone:e-1:x']) {
      await audited({ ...ofRun, target: `run/${run}` }, () => Promise.resolve());
    }
    await audited({ operation: 'task.close', target: `task/${written.id}`, brand: 'alpha', by }, () =>
      Promise.resolve(),
    );
    const named = async (): Promise<unknown[]> =>
      (await audit(`by=${by}`, { brands: ['alpha'] })).map((entry) => (entry as { rule_name?: unknown }).rule_name);
    expect(await named()).toEqual([null, null, 'Called so', 'Called so', 'Called so', 'Called so']);
    await ask('PUT', `rules/${written.id}`, { rule: { ...written, brand: 'beta' }, version: 2 });
    expect(await named()).toEqual([null, null, null, null, null, null]);
  });

  it('is found by who, what, brand and time, in pages', async () => {
    const by = uniqueName('auditor');
    for (const brand of ['alpha', 'beta', 'beta']) await ask('POST', 'rules', { rule: rule({ brand }) }, { sub: by });
    expect(await audit(`by=${by}`)).toHaveLength(3);
    expect(await audit(`by=${by}&brand=beta&operation=rule.create`)).toHaveLength(2);
    expect(await audit(`by=${by}&operation=rule.delete`)).toEqual([]);
    expect(await audit(`by=${by}&to=2020-01-01T00:00:00Z`)).toEqual([]);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Answer = await ask('GET', `audit?by=${by}&limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...entriesIn(page).map(({ audit_id }) => audit_id));
      cursor = page.body.data!['next_cursor'] as string | null;
    }
    expect(seen).toEqual((await audit(`by=${by}`)).map(({ audit_id }) => audit_id));
    expect(await ask('GET', 'audit?cursor=x&operation=none')).toMatchObject({ status: 400 });
  });

  it('shows a session for some brands what was about one of them alone', async () => {
    const by = uniqueName('auditor');
    const moved = rule();
    await ask('POST', 'rules', { rule: { ...moved, name: 'Secret of alpha' } }, { sub: by });
    await ask('PUT', `rules/${moved.id}`, { rule: { ...moved, brand: 'beta' }, version: 1 }, { sub: by });
    await ask('POST', 'rules', { rule: rule({ brand: null }) }, { sub: by });
    await ask('POST', 'api-keys', { name: 'both', role: 'SESSION_ADMIN', brands: ['alpha', 'beta'] }, { sub: by });
    const beta = { brands: ['beta'] };
    const found = await audit(`by=${by}`, beta);
    expect(found).toMatchObject([{ operation: 'rule.update', brand: 'beta' }]);
    expect(JSON.stringify(found)).not.toContain('alpha');
    expect(await ask('GET', 'audit?brand=alpha', undefined, beta)).toMatchObject({ status: 403 });
  });

  it('keeps what was asked for, without its secrets, and what became of it', async () => {
    const target = uniqueName('run/x');
    const note = { operation: 'run.pause', target, brand: 'alpha', by: 'ann' } as const;
    const audited = auditedBy(store.connection);
    await audited({ ...note, what: { reason: 'token=abcdef1234567' } }, () => Promise.resolve());
    await audited(note, () => Promise.reject(new Error('no'))).catch(() => undefined);
    // One that was killed in the middle.
    await createAuditLog(store.connection).begin(note);
    const found = await audit(`target=${encodeURIComponent(target)}`);
    expect(found.map(({ outcome, code }) => `${outcome} ${code ?? ''}`).sort()).toEqual([
      'done ',
      'unknown ',
      'unknown internal_error',
    ]);
    expect(JSON.stringify(found)).toContain('token=***');
    expect(JSON.stringify(found)).not.toContain('abcdef');
  });
});
