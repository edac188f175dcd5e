/** What the list of rules shows beside the rules: what they did lately, and what is wrong with them now. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { startTestApi, type TestApi, type TokenOptions } from '../../support/api.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { runRecord } from '../../support/runs.ts';
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

const get = (path: string, session: TokenOptions = {}) =>
  api.as('SESSION_DEALER', `/api/workflow/${path}`, {}, session);
const written = (more: object = {}) => ({
  name: 'Big deposit',
  trigger_event: 'customer.deposited',
  conditions: { field: 'event.amount', operator: 'gte', value: 1000 },
  actions: [{ type: 'add_note', params: { body: 'Call them' } }],
  ...more,
});
async function made(more: object = {}): Promise<string> {
  const body = { rule: written({ id: uniqueName('rule'), ...more }) };
  const answer = await api.as('SESSION_ADMIN', '/api/workflow/rules', { method: 'POST', body });
  expect(answer.status).toBe(201);
  return (answer.body.data!['rule'] as { id: string }).id;
}
const claim = (...records: Parameters<typeof runRecord>[0][]) =>
  createRunLedger(store.connection).claim(records.map((one) => runRecord({ run_id: uniqueName('run'), ...one })));

describe('the activity of rules', () => {
  it('says when each matched last, and how many runs it had since a time', async () => {
    await claim(
      { rule_id: 'busy', claimed_at: '2026-01-01T23:00:00.000Z' },
      { rule_id: 'busy', claimed_at: '2026-01-02T00:00:00.000Z' },
      { rule_id: 'busy', claimed_at: '2026-01-02T09:00:00.000Z', status: 'skipped', reason: 'shadow' },
      { rule_id: 'quiet', claimed_at: '2025-11-01T00:00:00.000Z' },
    );
    const { status, body } = await get('rule-activity?ids=busy,quiet,never&since=2026-01-02T01:00:00%2B01:00');
    expect(status).toBe(200);
    expect(body.data).toEqual({
      since: '2026-01-02T00:00:00.000Z',
      rules: [
        { rule_id: 'busy', last_match: '2026-01-02T09:00:00.000Z', runs: 2 },
        { rule_id: 'quiet', last_match: '2025-11-01T00:00:00.000Z', runs: 0 },
        { rule_id: 'never', last_match: null, runs: 0 },
      ],
    });
  });

  it('counts since the day began where no time is given, and up to 1000', async () => {
    const now = new Date().toISOString();
    await claim(...Array.from({ length: 1010 }, () => ({ rule_id: 'very-busy', claimed_at: now })));
    const { body } = await get('rule-activity?ids=very-busy');
    expect(body.data).toEqual({
      since: `${now.slice(0, 10)}T00:00:00.000Z`,
      rules: [{ rule_id: 'very-busy', last_match: now, runs: 1000 }],
    });
  });

  it('shows a session for one brand nothing of the runs of another', async () => {
    await claim({ rule_id: 'shared', brand: 'beta', claimed_at: '2026-01-02T09:00:00.000Z' });
    const path = 'rule-activity?since=2026-01-01T00:00:00Z&ids=shared';
    expect((await get(path, { brands: ['alpha'] })).body.data).toMatchObject({
      rules: [{ last_match: null, runs: 0 }],
    });
    expect((await get(path, { brands: ['beta'] })).body.data).toMatchObject({ rules: [{ runs: 1 }] });
  });

  const many = Array.from({ length: 101 }, (_, n) => `r${n}`).join(',');
  it.each(['activity?ids=a%20b', 'activity?since=yesterday', `activity?ids=${many}`, `warnings?ids=${many}`])(
    'refuses %s',
    async (query) => {
      expect(await get(`rule-${query}`)).toMatchObject({ status: 400, body: { error: { code: 'invalid_query' } } });
    },
  );
});

describe('the warnings of a rule', () => {
  it('are those about the rule as it is stored, beside what is active now', async () => {
    const rules = createRuleRepository(store.connection);
    const status = (to: string) => [{ type: 'set_status', params: { status: to } }];
    const definition = (more: object) => ruleDefinition({ brand: 'alpha', ...more });
    await rules.apply([{ id: 'first', definition: definition({ actions: status('vip') }) }], 'test');
    const asked = async (session: TokenOptions = {}) => (await get('rules/first/warnings', session)).body.data;
    expect(await asked()).toEqual({ valid: true, errors: [], warnings: [] });
    await rules.apply([{ id: 'second', definition: definition({ actions: status('new') }) }], 'test');
    const contradicted = {
      valid: true,
      warnings: [{ code: 'contradicts_rule', message: expect.stringContaining('(second)') }],
    };
    expect(await asked()).toMatchObject(contradicted);
    await rules.archive('first', 'test');
    expect(await asked()).toEqual({ valid: true, errors: [], warnings: [] });
    expect(await get('rules/first/warnings', { brands: ['beta'] })).toMatchObject({ status: 404 });
  });

  it('are asked for of many rules at once, of those that the session may see', async () => {
    const ids = [await made({ brand: 'alpha' }), await made({ brand: 'beta' }), await made({ status: 'draft' })];
    const status = (to: string) => ({ brand: 'alpha', actions: [{ type: 'set_status', params: { status: to } }] });
    const apart = {
      trigger_event: 'customer.registered',
      conditions: { field: 'customer.country', operator: 'eq', value: 'DE' },
    };
    ids.push(await made({ ...status('vip'), ...apart }), await made({ ...status('new'), ...apart }));
    const asked = async (session: TokenOptions = {}) =>
      (await get(`rule-warnings?ids=${[...ids, 'none'].join(',')}`, session)).body.data!['rules'] as {
        rule_id: string;
      }[];
    const one = async (id: string) => ({ rule_id: id, ...(await get(`rules/${id}/warnings`)).body.data });
    const all = await asked();
    expect(all).toEqual(await Promise.all(ids.map(one)));
    expect(all.at(-1)).toMatchObject({ warnings: [{ code: 'contradicts_rule' }] });
    const ofAlpha = (await asked({ brands: ['alpha'] })).map(({ rule_id }) => rule_id);
    expect(ofAlpha).toEqual(ids.filter((_, index) => index !== 1));
    expect((await get('rule-warnings')).body.data).toEqual({ rules: [] });
  });
});

describe('the search among rules', () => {
  it('finds a text in a name, a description or an id, in any case, as text', async () => {
    const brand = uniqueName('brand');
    const odd = await made({ brand, name: 'Say "hello" (100%) \\ ü', description: 'For VIPs' });
    const other = await made({ brand, name: 'Something else' });
    const found = async (text: string) => {
      const { body } = await get(`rules?brand=${brand}&search=${encodeURIComponent(text)}`);
      return (body.data!['rules'] as { id: string }[]).map(({ id }) => id);
    };
    for (const text of ['"hello" (', '100%) \\ ü', 'say', 'vips', odd.toUpperCase()])
      expect(await found(text)).toEqual([odd]);
    expect(await found('ELSE')).toEqual([other]);
    expect(await found('customer.deposited')).toEqual([]);
    expect(await found('.*')).toEqual([]);
  });

  it('comes in pages of the filter', async () => {
    const brand = uniqueName('brand');
    const ids = [await made({ brand, name: 'Page A' }), await made({ brand, name: 'Page B' })];
    await made({ brand, name: 'Other' });
    const first = await get(`rules?brand=${brand}&search=page&limit=1`);
    const cursor = first.body.data!['next_cursor'] as string;
    const second = await get(`rules?brand=${brand}&search=page&limit=1&cursor=${cursor}`);
    expect([...(first.body.data!['rules'] as object[]), ...(second.body.data!['rules'] as object[])]).toMatchObject(
      ids.map((id) => ({ id })),
    );
    expect(second.body.data!['next_cursor']).toBeNull();
  });
});
