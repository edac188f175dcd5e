/** One command to all runs that match: counted, frozen, worked off by a worker, each run once. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { BulkOperation } from '#libs/domain/runs/bulk-operation.ts';
import type { RunInput } from '#libs/domain/runs/run.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createBulkOperations } from '#libs/store/runs/bulk-operation.repository.ts';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { startTestApi, type Answer, type TestApi } from '../../support/api.ts';
import {
  bulkActivities,
  bulkEnd,
  bulkOutcomes,
  failRuns,
  readBulk,
  startBulk,
  startBulkWorker,
  startDoomedBulkWorker,
} from '../../support/bulk.ts';
import { startDoomedApi } from '../../support/doomed-api.ts';
import { holdRuns } from '../../support/held-runs.ts';
import { RunWorld } from '../../support/run-world.ts';
import { uniqueName } from '../../support/servers.ts';

const path = '/api/workflow/bulk-operations';
const ask = { type: 'approval.request', params: { title: 'Pay?', approvers: { roles: ['SESSION_ADMIN'] } } };

let world: RunWorld;
let worker: Worker;
let working: Promise<void>;
let api: TestApi;
let replica: TestApi;
let env: Record<string, string>;
let stopWorker: (() => Promise<void>) | null = null;

beforeAll(async () => {
  world = await RunWorld.create();
  worker = await world.worker();
  working = worker.run();
  env = { MONGODB_URI: world.storeUri, TEMPORAL_TASK_QUEUE: world.taskQueue };
  api = await startTestApi(env);
  replica = await startTestApi(env);
});
afterEach(async () => {
  await stopWorker?.();
  stopWorker = null;
});
afterAll(async () => {
  await api.close();
  await replica.close();
  worker.shutdown();
  await working;
  await world.close();
});

const admin = (url: string, body?: object, options: object = {}) =>
  api.as('SESSION_ADMIN', url, body === undefined ? {} : { method: 'POST', body }, options);
function startedId({ body: { data = {} } }: Answer): string {
  return (data['bulk_operation'] as { id: string }).id;
}
const record = async (id: string) => createRunRecords(world.store).get(id);
async function audited(operation: 'run.retry' | 'run.release' | 'bulk.start' | 'bulk.stop', target: string) {
  const { items } = await createAuditLog(world.store).list({ operation, target });
  return items;
}

/** Every run has been retried once, and its retry has ended. */
async function expectRetriedOnce(runs: string[]): Promise<void> {
  for (const run of runs) {
    const next = await vi.waitFor(
      async () => {
        const found = await record(`retry-1/${run}`);
        if (found?.status !== 'completed') throw new Error(`the retry of ${run} is ${found?.status}`);
        return found;
      },
      { timeout: 60_000, interval: 200 },
    );
    expect(next.interventions).toHaveLength(1);
    expect(await record(`retry-2/${run}`)).toBeNull();
  }
}

/** The number of the request with which the API stores a bulk operation, once it is known. */
let storing = 1;

/** An API that is lost with the answer of the store to a bulk operation: Temporal hears nothing of it. */
async function startLostAfterStore(): Promise<{ operation: BulkOperation; runs: string[] }> {
  for (; ; storing += 1) {
    const rule_id = uniqueName('rule');
    const runs = await failRuns(world, 2, { rule_id });
    const doomed = await startDoomedApi({ ...env, API_COMPUTE_THREADS: '1' });
    const body = { command: 'retry', filter: { rule_id }, until: new Date().toISOString(), expected: 2 };
    doomed.loseAnswer('store', storing);
    const answer = doomed.api.as('SESSION_ADMIN', path, { method: 'POST', body }).catch(() => null);
    if ((await Promise.race([answer, doomed.lost])) !== null) throw new Error('the API was not lost');
    await doomed.end();
    const { items } = await createBulkOperations(world.store).list(({ selection }) => selection.rule_id === rule_id);
    if (items[0] !== undefined) return { operation: items[0], runs };
  }
}

/** Of the looks of the reconciler, only the one at bulk operations. */
const bulkOnly = {
  closedRuns: async function* (): AsyncGenerator<never> {},
  limits: { overlapMs: 0, openAfterMs: 86_400_000, openRuns: 1 },
};

describe('a retry of all failed runs of a rule', () => {
  it('takes those that had failed when they were counted, each once, while others go on failing', async () => {
    const rule_id = uniqueName('rule');
    const runs = await failRuns(world, 60, { rule_id });
    stopWorker = await startBulkWorker(world, bulkActivities(world, 30));
    const { id } = await startBulk(api, { command: 'retry', filter: { rule_id }, reason: 'the bank is back' });
    const later = await failRuns(world, 5, { rule_id });
    // It was decided before, and failed only now.
    later.push(...(await failRuns(world, 1, { rule_id, claimed_at: '2026-01-02T00:00:00.000Z' })));
    expect(await bulkEnd(api, id)).toMatchObject({
      status: 'completed',
      expected: 60,
      total: 60,
      done: 60,
      skipped: 0,
      failed: 0,
      by: 'alice',
      reason: 'the bank is back',
    });
    const outcomes = await bulkOutcomes(api, id);
    expect(new Set(outcomes.map(({ run_id }) => run_id))).toEqual(new Set(runs));
    expect(outcomes.map(({ next_run_id }) => next_run_id)).toEqual(
      outcomes.map(({ run_id }) => `retry-1/${String(run_id)}`),
    );
    await expectRetriedOnce(runs);
    for (const run of later) expect(await record(`retry-1/${run}`)).toBeNull();
    expect(await audited('run.retry', `run/${runs[0]}`)).toMatchObject([
      { by: 'alice', outcome: 'done', what: { reason: 'the bank is back' } },
    ]);
    expect(await audited('bulk.start', `bulk/${id}`)).toMatchObject([{ by: 'alice', outcome: 'done' }]);
  });

  it('passes over a run that a person has retried before, and says so', async () => {
    const rule_id = uniqueName('rule');
    const [mine = '', theirs = '', free = ''] = await failRuns(world, 3, { rule_id });
    for (const [run, sub] of [
      [mine, 'alice'],
      [theirs, 'bob'],
    ] as const) {
      const url = `/api/workflow/runs/${encodeURIComponent(run)}/retry`;
      expect((await admin(url, {}, { sub })).status).toBe(200);
    }
    await expectRetriedOnce([mine, theirs]);
    stopWorker = await startBulkWorker(world, bulkActivities(world));
    const { id } = await startBulk(api, { command: 'retry', filter: { rule_id } });
    expect(await bulkEnd(api, id)).toMatchObject({ status: 'completed', done: 1, skipped: 2 });
    const outcomes = new Map((await bulkOutcomes(api, id)).map((one) => [one['run_id'], one]));
    const skipped = { state: 'skipped', code: 'run_conflict', message: expect.stringContaining('retried already') };
    expect(outcomes.get(mine)).toMatchObject(skipped);
    expect(outcomes.get(theirs)).toMatchObject(skipped);
    await expectRetriedOnce([mine, theirs, free]);
    const answer = await admin(`${path}/${id}/outcomes?state=done`);
    expect(answer.body.data?.['outcomes']).toMatchObject([{ run_id: free }]);
  });

  it('asked for twice at once, on two replicas, is one', async () => {
    const rule_id = uniqueName('rule');
    const runs = await failRuns(world, 12, { rule_id });
    stopWorker = await startBulkWorker(world, bulkActivities(world));
    const preview = await admin(`${path}/preview`, { command: 'retry', filter: { rule_id } });
    const { until, count } = preview.body.data as { until: string; count: number };
    const body = { command: 'retry', filter: { rule_id }, until, expected: count };
    const headers = { 'Idempotency-Key': uniqueName('key') };
    const given = { method: 'POST', body, headers };
    const answers = await Promise.all([api, replica, api, replica].map((one) => one.as('SESSION_ADMIN', path, given)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    const ids = answers.map((answer) => startedId(answer));
    expect(new Set(ids).size).toBe(1);
    expect(await bulkEnd(api, ids[0]!)).toMatchObject({ status: 'completed', done: 12 });
    await expectRetriedOnce(runs);
    for (const run of runs) expect(await audited('run.retry', `run/${run}`)).toHaveLength(1);
    const again = await api.as('SESSION_ADMIN', path, given);
    expect(again.body.data?.['bulk_operation']).toMatchObject({ id: ids[0], status: 'completed' });
    const other = await api.as('SESSION_ADMIN', path, { ...given, body: { ...body, expected: 11 } });
    expect(other.body.error?.code).toBe('idempotency_key_reused');
  });

  it('is refused where more match than were counted, or than one operation takes', async () => {
    const rule_id = uniqueName('rule');
    await failRuns(world, 4, { rule_id });
    const until = new Date().toISOString();
    const body = { command: 'retry', filter: { rule_id }, until, expected: 3 };
    expect((await admin(path, body)).body.error).toMatchObject({ code: 'bulk_count_changed' });
    const small = await startTestApi({ ...env, BULK_RUNS_MAX: '3' });
    try {
      const preview = { method: 'POST', body: { command: 'retry', filter: { rule_id } } };
      const { body: counted } = await small.as('SESSION_ADMIN', `${path}/preview`, preview);
      expect(counted.data).toMatchObject({ count: 3, more: true });
      const refused = await small.as('SESSION_ADMIN', path, { method: 'POST', body });
      expect(refused.body.error).toMatchObject({ code: 'too_many_runs' });
    } finally {
      await small.close();
    }
    const wrong = await admin(`${path}/preview`, { command: 'retry', filter: { status: 'held' } });
    expect(wrong.body.error?.details).toMatchObject([{ path: 'filter.status' }]);
  });

  it('stops where a person says so, and leaves the other runs alone', async () => {
    const rule_id = uniqueName('rule');
    const runs = await failRuns(world, 80, { rule_id });
    stopWorker = await startBulkWorker(world, bulkActivities(world, 10));
    const { id } = await startBulk(api, { command: 'retry', filter: { rule_id } });
    await vi.waitFor(async () => expect(await record(`retry-1/${runs[0]}`)).not.toBeNull(), { timeout: 30_000 });
    const stopped = await admin(`${path}/${id}/stop`, {}, { sub: 'bob' });
    expect(stopped.body.data?.['bulk_operation']).toMatchObject({ stopped_by: 'bob' });
    const { status, done = 0, total } = await bulkEnd(api, id);
    expect({ status, total }).toEqual({ status: 'stopped', total: 80 });
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(80);
    const left = (await bulkOutcomes(api, id)).filter(({ state }) => state === 'pending');
    expect(left).toHaveLength(80 - done);
    for (const { run_id } of left) expect(await record(`retry-1/${String(run_id)}`)).toBeNull();
    expect(await audited('bulk.stop', `bulk/${id}`)).toMatchObject([{ by: 'bob', outcome: 'done' }]);
    // Stopping again, and one that has ended, changes nothing.
    expect((await admin(`${path}/${id}/stop`, {})).body.data?.['bulk_operation']).toMatchObject({ stopped_by: 'bob' });
  });
});

describe('a session for some brands', () => {
  it('reaches runs of those alone, and knows of no operation on others', async () => {
    const rule_id = uniqueName('rule');
    const oaks = await failRuns(world, 3, { rule_id, brand: 'oak' });
    const elms = await failRuns(world, 2, { rule_id, brand: 'elm' });
    stopWorker = await startBulkWorker(world, bulkActivities(world));
    const oak = { sub: 'otto', brands: ['oak'] };
    const mine = await startBulk(api, { command: 'retry', filter: { rule_id } }, oak);
    expect(await bulkEnd(api, mine.id)).toMatchObject({ status: 'completed', total: 3, done: 3, brands: ['oak'] });
    await expectRetriedOnce(oaks);
    for (const elm of elms) expect(await record(`retry-1/${elm}`)).toBeNull();
    expect((await admin(`${path}/preview`, { command: 'retry', filter: { brand: 'elm' } }, oak)).status).toBe(403);

    const all = await startBulk(api, { command: 'retry', filter: { rule_id, brand: 'elm' } });
    await bulkEnd(api, all.id);
    for (const [url, body] of [[all.id], [`${all.id}/outcomes`], [`${all.id}/stop`, {}]] as const) {
      expect((await admin(`${path}/${url}`, body, oak)).body.error?.code).toBe('bulk_operation_not_found');
    }
    const { body } = await admin(path, undefined, oak);
    expect(body.data?.['bulk_operations']).toMatchObject([{ id: mine.id }]);
    const { body: elmsOwn } = await admin(`${path}/${all.id}`, undefined, { brands: ['elm'] });
    expect(elmsOwn.data?.['bulk_operation']).toMatchObject({ id: all.id, total: 2 });
  });
});

describe('the other commands', () => {
  it('cancel all that are under way, whatever they wait for', async () => {
    const rule = uniqueName('rule');
    const inputs: RunInput[] = [];
    for (let n = 0; n < 3; n += 1) {
      const input = await world.claim([ask], { rule_id: rule });
      await world.start(input);
      inputs.push(input);
    }
    await vi.waitFor(
      async () => {
        for (const input of inputs) expect((await world.record(input)).status).toBe('paused');
      },
      { timeout: 60_000, interval: 200 },
    );
    const counted = await admin(`/api/workflow/runs/count?rule_id=${rule}&waits_for=approval`);
    expect(counted.body.data).toEqual({ count: 3, more: false });
    const none = await admin(`/api/workflow/runs/count?rule_id=${rule}&waits_for=operator`);
    expect(none.body.data).toEqual({ count: 0, more: false });
    stopWorker = await startBulkWorker(world, bulkActivities(world));
    const { id } = await startBulk(api, { command: 'cancel', filter: { rule_id: rule }, reason: 'a wrong rule' });
    expect(await bulkEnd(api, id)).toMatchObject({ status: 'completed', done: 3 });
    await vi.waitFor(
      async () => {
        for (const input of inputs) {
          expect(await world.record(input)).toMatchObject({
            status: 'failed',
            error: { code: 'Cancelled' },
            interventions: [{ what: 'cancel', by: 'alice', reason: 'a wrong rule' }],
          });
        }
      },
      { timeout: 60_000, interval: 200 },
    );
    const after = await admin(`/api/workflow/runs/count?rule_id=${rule}&waits_for=approval`);
    expect(after.body.data).toEqual({ count: 0, more: false });
  });

  it('release and discard all that are held, and pass over those that are not any more', async () => {
    const rule_id = uniqueName('rule');
    const runs = await holdRuns(world.store, rule_id, 4);
    const url = `/api/workflow/runs/${encodeURIComponent(runs[0]!)}/discard`;
    const preview = await admin(`${path}/preview`, { command: 'release', filter: { rule_id } });
    const { until, count } = preview.body.data as { until: string; count: number };
    const id = startedId(await admin(path, { command: 'release', filter: { rule_id }, until, expected: count }));
    const discarded = await startBulk(api, { command: 'discard', filter: { rule_id } });
    expect((await admin(url, {}, { sub: 'bob' })).status).toBe(200);
    stopWorker = await startBulkWorker(world, bulkActivities(world));
    const [one, other] = [await bulkEnd(api, id), await bulkEnd(api, discarded.id)];
    expect(one.status).toBe('completed');
    expect(other.status).toBe('completed');
    // Of the two, each run has met one.
    expect((one.done ?? 0) + (other.done ?? 0)).toBe(3);
    for (const run of runs.slice(1)) {
      expect((await record(run))?.guard).toMatchObject({ resolved_by: 'alice' });
    }
  });
});

describe('whatever ends in the middle', () => {
  it('a worker that dies is taken over: no run has the command twice, and none is left out', async () => {
    const rule_id = uniqueName('rule');
    const runs = await failRuns(world, 40, { rule_id });
    const first = await startDoomedBulkWorker(world, 20);
    const { id } = await startBulk(api, { command: 'retry', filter: { rule_id } });
    await vi.waitFor(
      async () => expect((await bulkOutcomes(api, id)).some(({ state }) => state === 'done')).toBe(true),
      {
        timeout: 30_000,
        interval: 50,
      },
    );
    await first.lose();
    expect((await readBulk(api, id)).status).toBe('running');
    stopWorker = await startBulkWorker(world, bulkActivities(world));
    expect(await bulkEnd(api, id)).toMatchObject({ status: 'completed', total: 40, done: 40, skipped: 0, failed: 0 });
    await expectRetriedOnce(runs);
    await first.end();
  });

  it('an API that dies leaves what the same request goes on with', async () => {
    stopWorker = await startBulkWorker(world, bulkActivities(world));
    const dieAt = async (door: 'store' | 'temporal', request: number): Promise<boolean> => {
      const rule_id = uniqueName('rule');
      const runs = await failRuns(world, 2, { rule_id });
      const doomed = await startDoomedApi({ ...env, API_COMPUTE_THREADS: '1' });
      const body = { command: 'retry', filter: { rule_id }, until: new Date().toISOString(), expected: 2 };
      const given = { method: 'POST', body, headers: { 'Idempotency-Key': uniqueName('key') } };
      doomed.loseAnswer(door, request);
      const answer = await Promise.race([doomed.api.as('SESSION_ADMIN', path, given).catch(() => null), doomed.lost]);
      await doomed.end();
      const again = await api.as('SESSION_ADMIN', path, given);
      expect(again.status).toBe(202);
      const id = startedId(again);
      expect(await bulkEnd(api, id)).toMatchObject({ status: 'completed', done: 2 });
      await expectRetriedOnce(runs);
      expect(await audited('bulk.start', `bulk/${id}`)).not.toHaveLength(0);
      return answer === null;
    };
    const everywhere = async (door: 'store' | 'temporal'): Promise<number> => {
      // Several at once: what an API without a network has begun waits for seconds until it gives up.
      for (let from = 1; ; from += 4) {
        const died = await Promise.all([0, 1, 2, 3].map((more) => dieAt(door, from + more)));
        if (died.includes(false)) return from + died.indexOf(false);
      }
    };
    const [store, temporal] = await Promise.all([everywhere('store'), everywhere('temporal')]);
    // Of the store it was lost before, between and behind what it writes.
    expect(store).toBeGreaterThan(4);
    expect(temporal).toBeGreaterThan(1);
  }, 180_000);

  it('one that is given while Temporal is away is taken, also when it is sent again, and carried out once it is back', async () => {
    const rule_id = uniqueName('rule');
    const runs = await failRuns(world, 2, { rule_id });
    const lonely = await startTestApi({ ...env, TEMPORAL_ADDRESS: '127.0.0.1:1', COMMAND_TIMEOUT_MS: '1000' });
    const body = { command: 'retry', filter: { rule_id }, until: new Date().toISOString(), expected: 2 };
    const given = { method: 'POST', body, headers: { 'Idempotency-Key': uniqueName('key') } };
    const first = await lonely.as('SESSION_ADMIN', path, given);
    expect(first.status).toBe(202);
    expect(startedId(await lonely.as('SESSION_ADMIN', path, given))).toBe(startedId(first));
    await lonely.close();
    expect(await audited('bulk.start', `bulk/${startedId(first)}`)).toMatchObject([{ outcome: 'done' }]);

    stopWorker = await startBulkWorker(world, bulkActivities(world));
    await world.reconciler(bulkOnly)({ closedSince: null });
    expect(await bulkEnd(api, startedId(first))).toMatchObject({ status: 'completed', done: 2 });
    await expectRetriedOnce(runs);
  });

  it('one that was stored and not started is started by the reconcilers of three workers, once', async () => {
    const { operation, runs } = await startLostAfterStore();
    const handle = world.temporal.client.workflow.getHandle(`bulk/${operation.bulk_id}`);
    await expect(handle.describe()).rejects.toThrow(WorkflowNotFoundError);

    const look = async () => (await world.reconciler(bulkOnly)({ closedSince: null })).bulkStarted;
    expect((await Promise.all([look(), look(), look()])).sort()).toEqual([0, 0, 1]);
    stopWorker = await startBulkWorker(world, bulkActivities(world));
    expect(await bulkEnd(api, operation.bulk_id)).toMatchObject({ status: 'completed', done: 2, by: 'alice' });
    await expectRetriedOnce(runs);
    expect(await look()).toBe(0);
  });

  it('one that was to stop before it was started gets its end, and none is started that Temporal may have forgotten', async () => {
    const { operation, runs } = await startLostAfterStore();
    const { operation: old } = await startLostAfterStore();
    const operations = createBulkOperations(world.store);
    await operations.stop(operation.bulk_id, 'bob');
    const retention = () => Promise.resolve(Date.now() - Date.parse(old.created_at));
    const result = await world.reconciler({ ...bulkOnly, retention })({ closedSince: null });
    expect(result.bulkStarted).toBe(0);
    expect(await readBulk(api, old.bulk_id)).toMatchObject({ status: 'running', finished_at: null });
    await world.reconciler(bulkOnly)({ closedSince: null });
    expect(await readBulk(api, operation.bulk_id)).toMatchObject({ status: 'stopped', stopped_by: 'bob' });
    for (const run of runs) expect(await record(`retry-1/${run}`)).toBeNull();
  });

  it('one that no worker has, because it was ended in the Temporal UI, can be stopped', async () => {
    const rule_id = uniqueName('rule');
    await failRuns(world, 1, { rule_id });
    const { id } = await startBulk(api, { command: 'retry', filter: { rule_id } });
    await world.temporal.client.workflow.getHandle(`bulk/${id}`).terminate();
    const stopped = await admin(`${path}/${id}/stop`, {});
    expect(stopped.body.data?.['bulk_operation']).toMatchObject({ status: 'stopped', stopped_by: 'alice' });
  });
});
