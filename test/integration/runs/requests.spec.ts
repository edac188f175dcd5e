/** Creating requests of processes: once each, for the right brand, and durable as soon as they are recorded. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunData } from '#libs/domain/context/run-data.ts';
import type { Process } from '#libs/domain/hooks/processes.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createRetryStore } from '#libs/store/runs/retry.repository.ts';
import { createRunNumbers } from '#libs/store/runs/run-number.repository.ts';
import { createRunRecorder } from '#libs/store/runs/run-recorder.ts';
import { createRunRecords, type RunRecords } from '#libs/store/runs/run-log.repository.ts';
import { createRestart } from '#temporal/client/restart.ts';
import { createRunStarter, type RunStarter } from '#temporal/client/run-starter.ts';
import { createRequestStarter, type CreatedRequest, type RequestDraft } from '#temporal/client/start-request.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';
import { connectTemporal, type TestTemporal } from '../../support/temporal.ts';

const taskQueue = uniqueName('requests');
const data = [
  { name: 'CUSTOMER', type: 'TEXT' },
  { name: 'LOGIN', type: 'NUMERIC' },
  { name: 'AMOUNT', type: 'NUMERIC' },
] as const;
const jane = { username: 'jane' };

let store: TestStore;
let temporal: TestTemporal;
let directory: Directory;
let records: RunRecords;
const warnings: string[] = [];

beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
  temporal = await connectTemporal();
  directory = createDirectory(store.connection);
  records = createRunRecords(store.connection);
  await directory.load({
    groups: [
      { name: 'oak/eur', brand: 'oak' },
      { name: 'elm/eur', brand: 'elm' },
    ],
    customers: [{ id: 'of-oak' }, { id: 'of-elm' }, { id: 'of-both' }, { id: 'of-none' }],
    accounts: [
      { login: 1, group: 'oak/eur', customer_id: 'of-oak' },
      { login: 2, group: 'elm/eur', customer_id: 'of-elm' },
      { login: 3, group: 'oak/eur', customer_id: 'of-both' },
      { login: 4, group: 'elm/eur', customer_id: 'of-both' },
    ],
  });
});
afterAll(async () => {
  await temporal.close();
  await store.drop();
});

function process(given: Partial<Rule> = {}): Process {
  const declared = { name: 'PAYOUT', version: 2, state: 'active', public: true, folder: 'payments', data: [...data] };
  const rule = {
    ...ruleDefinition({
      trigger_event: 'request.created',
      conditions: { match: 'all', rules: [] },
      actions: [{ type: 'add_note', params: { body: 'pays {{ data.AMOUNT }}' } }],
      process: { ...declared, customer: 'CUSTOMER', login: 'LOGIN' } as NonNullable<Rule['process']>,
    }),
    id: 'payout',
    version: 7,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    archived_at: null,
    created_by: 'tester',
    updated_by: 'tester',
    ...given,
  };
  return { number: 1, rule: rule as Process['rule'] };
}

const realStarter = (): RunStarter => createRunStarter(temporal.client.workflow, taskQueue);
const away: RunStarter = {
  start: () => Promise.reject(new Error('no connection')),
};

function create(values: RunData = {}, given: Partial<RequestDraft> = {}, starter = realStarter()) {
  const recorder = createRunRecorder(store.connection);
  const start = createRequestStarter({
    directory,
    numbers: createRunNumbers(store.connection),
    requests: createRetryStore(store.connection),
    starter,
    failRun: (id, patch) => recorder.write(id, patch),
    log: { warn: (_fields, message) => void warnings.push(message) },
  });
  return start({ process: process(), data: values, user: jane, viewer: 'jane', ...given });
}

async function inputOf({ runId }: CreatedRequest) {
  return createRetryStore(store.connection).inputOf((await records.get(runId))!);
}

describe('a request', () => {
  it('is a run with a number, started once, that says who created it and of which process it is', async () => {
    const request = await create({ AMOUNT: 5 });
    expect(request.isStarted).toBe(true);
    const record = await records.byNumber(request.number);
    expect(record).toMatchObject({
      run_id: request.runId,
      rule_id: 'payout',
      rule_version: 7,
      trigger_event: 'request.created',
      status: 'claimed',
      request: { process: 'PAYOUT', version: 2, is_test: false, folder: 'payments', by: 'jane' },
    });
    const description = await temporal.client.workflow.getHandle(request.runId).describe();
    expect(description.status.name).toBe('RUNNING');
    const input = await inputOf(request);
    expect(input).toMatchObject({ number: request.number, triggeredBy: 'jane', context: { data: { AMOUNT: 5 } } });
    expect(input?.rule.actions[0]?.params).toEqual({ body: 'pays 5' });
    expect(input?.request?.templates?.[0]?.params).toEqual({ body: 'pays {{ data.AMOUNT }}' });
  });

  it('has a number of its own each time, also when many are created at once', async () => {
    const requests = await Promise.all(Array.from({ length: 10 }, () => create()));
    expect(new Set(requests.map(({ number }) => number)).size).toBe(10);
    expect(new Set(requests.map(({ runId }) => runId)).size).toBe(10);
  });

  it('names the viewer beside the user, so that neither may approve what both have set off', async () => {
    const input = await inputOf(await create({}, { viewer: 'svc' }));
    expect(input?.triggeredBy).toBe('jane');
    expect(input?.context.event['actor_id']).toBe('svc');
  });

  it('is recorded while Temporal is away, and started by the reconciler', async () => {
    const request = await create({}, {}, away);
    expect(request.isStarted).toBe(false);
    expect(warnings.at(-1)).toContain('will be started once Temporal is back');
    const recorder = createRunRecorder(store.connection);
    const restart = createRestart({
      retries: createRetryStore(store.connection),
      starter: realStarter(),
      failRun: (id, patch) => recorder.write(id, patch),
    });
    expect(await restart((await records.byNumber(request.number))!)).toBe('started');
    expect(await restart((await records.byNumber(request.number))!)).toBe('already_started');
  });

  it('leaves no record when its conditions are not fulfilled', async () => {
    const conditions = { field: 'data.AMOUNT', operator: 'lte', value: 100 } as const;
    const before = await records.list({ ruleId: 'limited' });
    const limited = process({ id: 'limited', conditions });
    await expect(create({ AMOUNT: 101 }, { process: limited })).rejects.toMatchObject({ code: 'conflict' });
    expect(await records.list({ ruleId: 'limited' })).toEqual(before);
    expect((await create({ AMOUNT: 100 }, { process: limited })).isStarted).toBe(true);
  });
});

describe('the brand of a request', () => {
  const oak = process({ brand: 'oak' });

  it.each([
    ['the account', { LOGIN: 1 }],
    ['the customer', { CUSTOMER: 'of-oak' }],
    ['one account of the customer', { CUSTOMER: 'of-both' }],
    ['nothing: its data names neither', {}],
    ['nothing: the customer has no account', { CUSTOMER: 'of-none' }],
  ])('is that of the process, which %s does not contradict', async (_what, values) => {
    expect((await inputOf(await create(values, { process: oak })))?.context.brand).toBe('oak');
  });

  it.each([
    ['an account of another brand', { LOGIN: 2 }],
    ['a customer of another brand', { CUSTOMER: 'of-elm' }],
    ['an account of another customer', { LOGIN: 1, CUSTOMER: 'of-both' }],
    ['an account that is not known', { LOGIN: 99 }],
    ['a customer who is not known', { CUSTOMER: 'x' }],
    ['a login that is no whole number', { LOGIN: 1.5 }],
  ])('keeps it from being created for %s', async (_what, values) => {
    await expect(create(values, { process: oak })).rejects.toMatchObject({ code: 'invalid_parameter' });
  });

  it('is that of the account or customer where the process has none', async () => {
    expect((await inputOf(await create({ LOGIN: 2 })))?.context.brand).toBe('elm');
    expect((await inputOf(await create({ CUSTOMER: 'of-oak' })))?.context.brand).toBe('oak');
    expect((await inputOf(await create({ CUSTOMER: 'of-both' })))?.context.brand).toBeNull();
  });

  it('has to be one that the user works for', async () => {
    const user = { username: 'jane', brands: ['oak'] };
    expect((await create({ LOGIN: 1 }, { user })).isStarted).toBe(true);
    for (const values of [{ LOGIN: 2 }, {}, { CUSTOMER: 'of-both' }] as RunData[]) {
      await expect(create(values, { user })).rejects.toMatchObject({ code: 'security_error' });
    }
  });
});
