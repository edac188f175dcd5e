/** The API process on a real store, asked over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RuleDefinition } from '#libs/domain/rules/rule.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { createRunRecorder } from '#libs/store/runs/run-recorder.ts';
import { startTestApi, type Answer, type TestApi, type TokenOptions } from '../../support/api.ts';
import { databaseUri, uniqueName } from '../../support/servers.ts';

const uri = databaseUri(uniqueName('api'));
let api: TestApi;

/** A member of `data`; a failed request shows its error. */
function data<T>({ body }: Answer, name: string): T {
  expect(body).toHaveProperty(['data', name]);
  return body.data![name] as T;
}

const as = (path: string, role = 'SESSION_ADMIN', options: TokenOptions = {}) => api.as(role, path, {}, options);

const rule = (name: string, brand: string | null, more: Partial<RuleDefinition> = {}): RuleDefinition => ({
  name,
  description: '',
  brand,
  trigger_event: 'customer.deposited',
  conditions: { match: 'all', rules: [] },
  actions: [{ type: 'add_note', params: { body: 'seen' } }],
  priority: 100,
  stop_after: false,
  status: 'active',
  ...more,
});

const run = (event: string, brand: string | null, more: Partial<RunRecord> = {}): RunRecord => ({
  run_id: `oak-rule:${event}`,
  rule_id: 'oak-rule',
  rule_name: 'Oak',
  rule_version: 1,
  brand,
  trigger_event: 'customer.deposited',
  event_id: event,
  login: 1001,
  customer_id: 'c-1',
  status: 'claimed',
  reason: null,
  stopped_by: null,
  claimed_at: '2026-01-01T00:00:00.000Z',
  started_at: null,
  finished_at: null,
  duration_ms: null,
  error: null,
  actions: [],
  ...more,
});

/** Deeper than JSON.stringify can go. */
const deep = 20_000;

beforeAll(async () => {
  const store = await connectStore(uri);
  let conditions: RuleDefinition['conditions'] = { field: 'brand', operator: 'eq', value: 'oak' };
  for (let level = 0; level < deep; level += 1) conditions = { not: conditions };
  await createRuleRepository(store).apply(
    [
      { id: 'oak-rule', definition: rule('Oak', 'oak', { priority: 1 }) },
      { id: 'elm-rule', definition: rule('Elm', 'elm', { priority: 2, trigger_event: 'trade.opened' }) },
      { id: 'any-rule', definition: rule('Any', null, { priority: 3, status: 'inactive' }) },
      { id: 'deep-rule', definition: rule('Deep', 'deep', { priority: 4, conditions }) },
    ],
    'test',
  );
  await createRunLedger(store).claim([
    run('e-1', 'oak'),
    run('e-2', 'elm', { claimed_at: '2026-01-02T00:00:00.000Z' }),
    run('e-3', null, { claimed_at: '2026-01-03T00:00:00.000Z' }),
    run('e-4', 'oak', { status: 'skipped', reason: 'stop_after', claimed_at: '2026-01-04T00:00:00.000Z' }),
  ]);
  await createRunRecorder(store).write('oak-rule:e-2', {
    status: 'completed',
    started_at: '2026-01-02T00:00:01.000Z',
    finished_at: '2026-01-02T00:00:02.000Z',
    duration_ms: 1000,
    error: null,
    actions: [],
  });
  await store.close();

  api = await startTestApi({ MONGODB_URI: uri });
});

afterAll(() => api?.close());

describe('rules', () => {
  const names = (answer: Answer) => data<{ name: string }[]>(answer, 'rules').map(({ name }) => name);

  it('come in the order in which they run', async () => {
    expect(names(await as('/api/workflow/rules'))).toEqual(['Oak', 'Elm', 'Any', 'Deep']);
  });

  it('can be filtered by brand, trigger and status', async () => {
    expect(names(await as('/api/workflow/rules?brand=elm'))).toEqual(['Elm']);
    expect(names(await as('/api/workflow/rules?trigger=trade.opened'))).toEqual(['Elm']);
    expect(names(await as('/api/workflow/rules?status=inactive'))).toEqual(['Any']);
  });

  it('come in pages', async () => {
    const first = await as('/api/workflow/rules?limit=3');
    expect(names(first)).toEqual(['Oak', 'Elm', 'Any']);
    const cursor = data<string>(first, 'next_cursor');
    const last = await as(`/api/workflow/rules?limit=3&cursor=${encodeURIComponent(cursor)}`);
    expect(names(last)).toEqual(['Deep']);
    expect(data(last, 'next_cursor')).toBeNull();
  });

  it('can be read one by one, nested to any depth', async () => {
    let node = data<RuleDefinition>(await as('/api/workflow/rules/deep-rule'), 'rule').conditions;
    let levels = 0;
    for (; 'not' in node; node = node.not) levels += 1;
    expect(levels).toBe(deep);
  });

  it('of other brands stay hidden from a session for some brands', async () => {
    expect(names(await as('/api/workflow/rules', 'SESSION_MANAGER', { brands: ['oak'] }))).toEqual(['Oak', 'Any']);
    expect(await as('/api/workflow/rules/elm-rule', 'SESSION_MANAGER', { brands: ['oak'] })).toMatchObject({
      status: 404,
      body: { error: { code: 'rule_not_found' } },
    });
    expect(await as('/api/workflow/rules?brand=elm', 'SESSION_MANAGER', { brands: ['oak'] })).toMatchObject({
      status: 403,
      body: { error: { code: 'access_denied' } },
    });
  });
});

describe('runs', () => {
  const events = (answer: Answer) => data<RunRecord[]>(answer, 'runs').map(({ event_id }) => event_id);

  it('R-005 can be read: the list newest first, and one by its id', async () => {
    expect(events(await as('/api/workflow/runs'))).toEqual(['e-4', 'e-3', 'e-2', 'e-1']);
    expect(data(await as('/api/workflow/runs/oak-rule:e-2'), 'run')).toMatchObject({
      run_id: 'oak-rule:e-2',
      status: 'completed',
      duration_ms: 1000,
    });
  });

  it('that are claimed are shown as running, alone, in a list and by filter', async () => {
    expect(data(await as('/api/workflow/runs/oak-rule:e-1'), 'run')).toMatchObject({
      status: 'running',
      live: false,
      temporal_url: expect.stringMatching(/workflows\/oak-rule%3Ae-1$/),
    });
    const running = await as('/api/workflow/runs?status=running');
    expect(events(running)).toEqual(['e-3', 'e-1']);
    expect(data<RunRecord[]>(running, 'runs').map(({ status }) => status)).toEqual(['running', 'running']);
  });

  it('can be filtered by rule, event, status and time', async () => {
    expect(events(await as('/api/workflow/runs?rule_id=oak-rule&event_id=e-3'))).toEqual(['e-3']);
    expect(events(await as('/api/workflow/runs?status=skipped'))).toEqual(['e-4']);
    expect(events(await as('/api/workflow/runs?status=held'))).toEqual([]);
    const hours = 'from=2026-01-02T01:00:00%2B01:00&to=2026-01-03T00:00:00Z';
    expect(events(await as(`/api/workflow/runs?${hours}`))).toEqual(['e-2']);
  });

  it('come in pages', async () => {
    const first = await as('/api/workflow/runs?limit=3');
    const cursor = encodeURIComponent(data<string>(first, 'next_cursor'));
    expect(events(await as(`/api/workflow/runs?limit=3&cursor=${cursor}`))).toEqual(['e-1']);
  });

  it('of other brands and of none stay hidden from a session for some brands', async () => {
    const brands = { brands: ['oak'] };
    expect(events(await as('/api/workflow/runs', 'SESSION_DEALER', brands))).toEqual(['e-4', 'e-1']);
    for (const id of ['oak-rule:e-2', 'oak-rule:e-3']) {
      expect(await as(`/api/workflow/runs/${id}`, 'SESSION_DEALER', brands)).toMatchObject({ status: 404 });
    }
  });
});

describe('answers', () => {
  it.each([
    ['/api/workflow/runs?limit=0', 'limit'],
    ['/api/workflow/runs?status=claimed', 'status'],
    ['/api/workflow/runs?from=yesterday', 'from'],
    ['/api/workflow/rules?limit=501', 'limit'],
    ['/api/workflow/rules?cursor=nonsense', 'cursor'],
  ])('to a wrong query say which parameter: %s', async (path, parameter) => {
    const { status, body } = await as(path);
    expect(status).toBe(400);
    expect(body.error?.details).toMatchObject([{ path: parameter }]);
  });

  it('to an unknown parameter name it', async () => {
    const { status, body } = await as('/api/workflow/runs?rule=oak-rule');
    expect(status).toBe(400);
    expect(body.error?.details).toEqual([{ path: 'rule', code: 'unknown_key', message: 'is not known here' }]);
  });

  it('to an unknown id or route are 404 in the envelope', async () => {
    for (const path of ['/api/workflow/rules/none', '/api/workflow/runs/none', '/api/workflow/nothing', '/']) {
      expect(await as(path)).toMatchObject({
        status: 404,
        body: { success: false, error: { code: expect.stringMatching(/not_found$/) } },
      });
    }
  });

  it('are not kept by caches and do not name the server', async () => {
    const { headers } = await as('/api/workflow/rules');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('about health and metrics need no session', async () => {
    expect(await api.ask('/health/ready')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect((await fetch(`${api.url}/metrics`)).status).toBe(200);
  });
});

describe('without a store', () => {
  it('the API is alive, not ready, and answers 503, which names no address', async () => {
    const lonely = await startTestApi({ MONGODB_URI: 'mongodb://127.0.0.1:1/nowhere' });
    try {
      expect((await fetch(`${lonely.url}/health/live`)).status).toBe(200);
      const ready = await fetch(`${lonely.url}/health/ready`);
      expect(ready.status).toBe(503);
      expect(await ready.text()).not.toMatch(/127\.0\.0\.1|:1\b/);
      const answer = await lonely.as('SESSION_ADMIN', '/api/workflow/rules');
      expect(answer).toMatchObject({ status: 503, body: { success: false, error: { code: 'store_unavailable' } } });
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(JSON.stringify(answer.body)).not.toMatch(/127\.0\.0\.1|:1\b/);
    } finally {
      await lonely.close();
    }
  });
});

describe('without Temporal', () => {
  it('the API is not ready, says why, and still shows rules and runs', async () => {
    const lonely = await startTestApi({ MONGODB_URI: uri, TEMPORAL_ADDRESS: '127.0.0.1:1' });
    try {
      const ready = await fetch(`${lonely.url}/health/ready`);
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({
        details: { store: { status: 'up' }, temporal: { status: 'down' } },
      });
      expect(await lonely.as('SESSION_ADMIN', '/api/workflow/runs')).toMatchObject({ status: 200 });
    } finally {
      await lonely.close();
    }
  });
});
