/** Backtests against real recorded events: on Kafka, through a real worker, and from the command line. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import type { BacktestResult } from '#libs/domain/rules/backtest-result.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { ImpactView } from '../../../apps/api/impact/impact.schema.ts';
import type { BacktestView } from '../../../apps/api/backtests/backtest.schema.ts';
import { startTestApi, type Answer, type TestApi, type TokenOptions } from '../../support/api.ts';
import { signalbox } from '../../support/cli.ts';
import { askAsOperator } from '../../support/foreign-kafka.ts';
import { IngressWorld, ruleDefinition } from '../../support/ingress.ts';
import { uniqueName } from '../../support/servers.ts';
import { startTestWorker } from '../../support/worker.ts';

let world: IngressWorld;
let api: TestApi;
let stopWorker: () => Promise<void>;
let folder: string;
/** Cancelled while it waited. */
let waiting: BacktestView;
const trigger_event = uniqueName('trigger');
const atLeast = (value: number) => ({ field: 'event.amount', operator: 'gte' as const, value });
const rule = (value: number, more: object = {}) => ({
  name: 'Candidate',
  brand: 'alpha',
  trigger_event,
  conditions: atLeast(value),
  actions: [{ type: 'add_note', params: { body: 'token=secret-0123456789' } }],
  ...more,
});

beforeAll(async () => {
  world = await IngressWorld.create();
  folder = await mkdtemp(join(tmpdir(), 'signalbox-backtest-'));
  for (const amount of [50, 150, 250]) {
    const id = `deposit-${amount}`;
    await world.publish(topics.crm, {
      key: 'one partition',
      value: { id, type: trigger_event, brand: 'alpha', data: { amount } },
    });
  }
  await world.publish(topics.crm, { value: { type: 'other', data: {} } });
  await world.rules.apply(
    [{ id: 'stored', definition: ruleDefinition({ brand: 'alpha', trigger_event, conditions: atLeast(200) }) }],
    'test',
  );
  api = await startTestApi({
    MONGODB_URI: world.config.store.uri,
    TEMPORAL_TASK_QUEUE: world.config.temporal.taskQueue,
  });
  // Nobody takes its work yet.
  const { id } = viewIn(await ask('POST', '', { rule: rule(1) }));
  waiting = viewIn(await ask('GET', `/${id}`));
  await ask('DELETE', `/${id}`);
  stopWorker = await startTestWorker(world);
});
afterAll(async () => {
  await api?.close();
  await stopWorker?.();
  await world?.close();
  await rm(folder, { recursive: true });
});

const ask = (method: string, path: string, body?: object, session: TokenOptions = {}): Promise<Answer> =>
  api.as('SESSION_ADMIN', `/api/workflow/backtests${path}`, { method, body }, session);
const viewIn = ({ body }: Answer) => body.data!['backtest'] as BacktestView;

async function ended(id: string): Promise<BacktestView> {
  return vi.waitFor(
    async () => {
      const view = viewIn(await ask('GET', `/${id}`));
      expect(view.status).not.toBe('running');
      return view;
    },
    { timeout: 30_000, interval: 200 },
  );
}

async function groups(): Promise<string[]> {
  return askAsOperator(async (admin) => (await admin.listGroups()).groups.map(({ groupId }) => groupId));
}

describe('a backtest', () => {
  it('says what a rule would have done, beside what is stored, and leaves no trace', async () => {
    const before = (await world.records()).length;
    const started = await ask('POST', '', { rule: rule(100, { id: 'stored' }), days: 1 });
    expect(started).toMatchObject({ status: 202, body: { data: { backtest: { status: 'running', brand: 'alpha' } } } });
    const view = await ended(viewIn(started).id);
    expect(view).toMatchObject({
      status: 'completed',
      result: {
        events_read: 4,
        events_considered: 3,
        matches: 2,
        difference: { both: 1, only_candidate: 1, only_stored: 0, samples: { only_candidate: ['deposit-150'] } },
        samples: [{ event_id: 'deposit-150', actions: [{ params: { body: 'token=***6789' } }] }, {}],
      },
    });
    expect(Object.values(view.result!.matches_per_day)).toEqual([2]);
    expect(await world.records()).toHaveLength(before);
    expect((await groups()).filter((name) => name.startsWith('signalbox-backtest-'))).toEqual([]);
  });

  it('says the difference to the version that is asked for', async () => {
    const definition = (value: number) => ruleDefinition({ brand: 'alpha', trigger_event, conditions: atLeast(value) });
    await world.rules.apply([{ id: 'versions', definition: definition(200) }], 'test');
    await world.rules.apply([{ id: 'versions', definition: { ...definition(100), status: 'draft' } }], 'test');
    const start = (more: object, session: TokenOptions = {}) =>
      ask('POST', '', { rule: rule(100, { id: 'versions' }), days: 1, ...more }, session);
    const differenceTo = async (more: object) => {
      const { against, result } = await ended(viewIn(await start(more)).id);
      return { against, difference: result!.difference };
    };
    expect(await differenceTo({ against: 1 })).toMatchObject({
      against: 1,
      difference: { both: 1, only_candidate: 1, only_stored: 0 },
    });
    expect(await differenceTo({})).toMatchObject({
      against: 2,
      difference: { both: 2, only_candidate: 0, only_stored: 0 },
    });
    expect(await differenceTo({ against: null })).toEqual({ against: null, difference: null });
    expect(await start({ against: 9 })).toMatchObject({ status: 404, body: { error: { code: 'version_not_found' } } });
  });

  it('is started once by a request that is sent again, and who started and cancelled it is in the audit log', async () => {
    const body = { rule: rule(100), days: 1 };
    const headers = { 'idempotency-key': uniqueName('key') };
    const send = (more: object = {}, sub = 'alice') =>
      api.as(
        'SESSION_ADMIN',
        '/api/workflow/backtests',
        { method: 'POST', body: { ...body, ...more }, headers },
        { sub },
      );
    const both = await Promise.all([send(), send()]);
    const ids = [...both, await send()].map((answer) => viewIn(answer).id);
    expect(new Set(ids).size).toBe(1);
    expect(await send({ days: 2 })).toMatchObject({
      status: 422,
      body: { error: { code: 'idempotency_key_reused' } },
    });
    expect(viewIn(await send({}, 'bob')).id).not.toBe(ids[0]);
    await ask('DELETE', `/${ids[0]}`);
    const { items } = await createAuditLog(world.store).list({ target: `backtest/${ids[0]}` });
    expect(items[0]).toMatchObject({ operation: 'backtest.cancel', by: 'alice', brand: 'alpha', outcome: 'done' });
    expect(items.slice(1).every(({ operation }) => operation === 'backtest.start')).toBe(true);
  });

  it('names no event of another brand than that of its rule', async () => {
    const id = uniqueName('rule');
    await world.rules.apply([{ id, definition: ruleDefinition({ trigger_event, brand: null }) }], 'test');
    const started = await ask('POST', '', { rule: rule(1000, { id }), days: 1 }, { brands: ['alpha'] });
    expect(await ended(viewIn(started).id)).toMatchObject({ status: 'completed', result: { difference: null } });
  });

  it('is refused for a rule that Temporal cannot take, before it is asked', async () => {
    const wide = { match: 'any' as const, rules: Array.from({ length: 20_000 }, () => atLeast(1)) };
    await world.rules.apply(
      [{ id: 'wide', definition: ruleDefinition({ brand: 'alpha', trigger_event, conditions: wide }) }],
      'test',
    );
    const { rules } = wide;
    const conditions = { match: 'any', rules: rules.slice(0, 15_000) };
    expect(await ask('POST', '', { rule: rule(1, { id: 'wide', conditions }) })).toMatchObject({
      status: 413,
      body: { error: { code: 'too_large' } },
    });
  });

  it('is refused for a rule that is wrong, or too many days, with every issue', async () => {
    expect(await ask('POST', '', { rule: { name: 'x' } })).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_rule' } },
    });
    for (const days of [0, 91, 1.5, '7']) {
      expect(await ask('POST', '', { rule: rule(1), days })).toMatchObject({
        status: 422,
        body: { error: { details: [{ path: 'days' }] } },
      });
    }
  });

  it('belongs to the brand of its rule', async () => {
    const { id } = viewIn(await ask('POST', '', { rule: rule(1) }));
    const beta = { brands: ['beta'] };
    expect(await ask('POST', '', { rule: rule(1) }, beta)).toMatchObject({ status: 403 });
    const nowhere = await ask('GET', '/none', undefined, beta);
    for (const method of ['GET', 'DELETE']) {
      const answer = await ask(method, `/${id}`, undefined, beta);
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual(nowhere.body);
    }
    expect(await ended(id)).toMatchObject({ status: 'completed' });
  });

  it('that waits or runs can be cancelled', async () => {
    expect(waiting).toMatchObject({ status: 'running', progress: null, result: null });
    expect(await ended(waiting.id)).toMatchObject({ status: 'cancelled', result: null });
    expect(await ask('DELETE', `/${waiting.id}`)).toMatchObject({ status: 200 });
  });
});

describe('the impact of a rule', () => {
  const impactOf = async (id: string, body: object, session: TokenOptions = {}) =>
    api.as('SESSION_ADMIN', `/api/workflow/rules/${id}/impact`, { method: 'POST', body }, session);

  it('is told before it is activated: what changes, whom it contradicts, who holds it back, what is under way, what it would have done', async () => {
    const status = (to: string) => [{ type: 'set_status', params: { status: to } }];
    await world.rules.apply(
      [
        { id: 'other', definition: ruleDefinition({ trigger_event, actions: status('vip') }) },
        { id: 'draft', definition: ruleDefinition({ trigger_event, brand: 'alpha', status: 'draft' }) },
        { id: 'first', definition: ruleDefinition({ trigger_event, name: 'First', priority: 1, stop_after: true }) },
        { id: 'beta', definition: ruleDefinition({ trigger_event, brand: 'beta', priority: 1, stop_after: true }) },
      ],
      'test',
    );
    const draft = rule(100, { actions: status('new'), status: 'draft' });
    const answer = await impactOf('draft', { rule: draft, days: 1 });
    const told = answer.body.data!['impact'] as ImpactView;
    expect(told).toMatchObject({
      warnings: [{ code: 'contradicts_rule', message: expect.stringContaining('(other)') }],
      held_back_by: { count: 1, rules: [{ rule_id: 'first', rule_name: 'First' }] },
      holds_back: { count: 0, rules: [] },
      runs: { running: 0, paused: 0, held: 0 },
    });
    expect(told.changes.map(({ path }) => path)).toContain('conditions.match');
    expect(await ended(told.backtest!.id)).toMatchObject({
      result: { matches: 2, difference: { both: 2, only_candidate: 0, only_stored: 1 } },
    });
    expect(await world.rules.get('draft')).toMatchObject({ version: 1, status: 'draft' });
    const activated = await impactOf('draft', {});
    expect(activated.body.data).toMatchObject({
      impact: { changes: [{ path: 'status', before: 'draft', after: 'active' }], backtest: null },
    });
    expect(await impactOf('draft', {}, { brands: ['beta'] })).toMatchObject({ status: 404 });
  });
});

describe('signalbox rules backtest', () => {
  const run = (...args: string[]) =>
    signalbox(world.config.store.uri, ['rules', 'backtest', ...args], '', {
      KAFKA_BROKERS: world.config.kafka.brokers.join(','),
      KAFKA_TOPIC_PREFIX: world.config.kafka.topicPrefix,
    });
  async function file(name: string, content: object): Promise<string> {
    await writeFile(join(folder, name), JSON.stringify(content));
    return join(folder, name);
  }

  it('reads Kafka, or a file', async () => {
    const candidate = await file('rule.json', rule(100));
    const recorded = await run('-f', candidate, '--days', '1', '--json');
    expect(recorded).toMatchObject({ code: 0 });
    expect(JSON.parse(recorded.stdout) as BacktestResult).toMatchObject({ events_read: 4, matches: 2 });
    const event = { id: 'e', type: trigger_event, brand: 'alpha', data: { amount: 500 } };
    const events = await file('events.json', [{ topic: topics.crm, value: event }]);
    const { code, stdout } = await run('-f', candidate, '--events', events);
    expect(code).toBe(0);
    expect(stdout).toMatch(/matches: +1\b/);
    expect(stdout).toContain('token=***6789');
  });

  it('says what is wrong', async () => {
    const candidate = await file('rule.json', rule(100));
    expect(await run('-f', candidate, '--days', '0')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--days'),
    });
    const events = await file('events.json', [{ topic: 'x' }]);
    expect(await run('-f', candidate, '--events', events)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[0]: must be'),
    });
    expect(await run('-f', await file('bad.json', { name: 'x' }))).toMatchObject({ code: 1 });
  });
});
