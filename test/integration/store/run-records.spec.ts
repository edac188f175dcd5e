import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import type { RunPatch } from '#libs/domain/runs/run.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { createRunRecords, type RunRecords } from '#libs/store/runs/run-log.repository.ts';
import { createRunRecorder, type RunRecorder } from '#libs/store/runs/run-recorder.ts';
import { uniqueName } from '../../support/servers.ts';
import { runRecord } from '../../support/runs.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let recorder: RunRecorder;
let records: RunRecords;

beforeAll(async () => {
  store = await openTestStore();
  recorder = createRunRecorder(store.connection);
  records = createRunRecords(store.connection);
});
afterAll(() => store.drop());

const claim = (...made: Parameters<typeof runRecord>[0][]) =>
  createRunLedger(store.connection).claim(made.map((given) => runRecord(given)));

function patch(status: RunPatch['status'], given: Partial<RunPatch> = {}): RunPatch {
  const started_at = '2026-01-02T03:04:06.000Z';
  return { status, started_at, finished_at: null, duration_ms: null, error: null, actions: [], ...given };
}

describe('writing a run record', () => {
  it('R-033 leaves an entry of the chain with the outcome of each action', async () => {
    const run_id = uniqueName('run');
    await claim({ run_id });
    const actions: RunPatch['actions'] = [
      {
        index: 0,
        type: 'webhook.send',
        status: 'failed',
        attempts: 3,
        started_at: '2026-01-02T03:04:06.000Z',
        finished_at: '2026-01-02T03:04:09.000Z',
        error: { code: 'http_status', message: '503 from \0 https://example.com' },
      },
      { index: 1, type: 'add_note', status: 'not_run', attempts: 0, started_at: null, finished_at: null },
    ];
    const error = { code: 'http_status', message: 'gave up', action: 'action-0' };
    const ended = patch('failed', { finished_at: '2026-01-02T03:04:09.000Z', duration_ms: 3000, error, actions });
    await recorder.write(run_id, ended);

    const expected = structuredClone(actions);
    expected[0]!.error!.message = '503 from \uFFFD https://example.com';
    expect(await records.get(run_id)).toEqual({ ...runRecord({ run_id }), ...ended, actions: expected });
  });

  it('keeps a terminal status when an earlier write arrives late, and takes the same one twice', async () => {
    const run_id = uniqueName('run');
    await claim({ run_id });
    await recorder.write(run_id, patch('paused'));
    await recorder.write(run_id, patch('completed', { duration_ms: 5 }));
    await recorder.write(run_id, patch('completed', { duration_ms: 5 }));
    await recorder.write(run_id, patch('paused'));
    expect(await records.get(run_id)).toMatchObject({ status: 'completed', duration_ms: 5 });
  });

  it('fails for the one run that was never claimed, not for those written with it', async () => {
    const known = Array.from({ length: 20 }, () => uniqueName('run'));
    await claim(...known.map((run_id) => ({ run_id })));
    const missing = uniqueName('run');
    const outcomes = await Promise.allSettled([...known, missing].map((id) => recorder.write(id, patch('completed'))));
    expect(outcomes.slice(0, -1).every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(outcomes.at(-1)).toMatchObject({ status: 'rejected', reason: { code: 'run_not_found', retryable: false } });
    for (const id of known) expect(await records.get(id)).toMatchObject({ status: 'completed' });
  });
});

describe('listing runs', () => {
  it('filters by every field and pages newest first without gaps', async () => {
    const rule_id = uniqueName('rule');
    const made = Array.from({ length: 25 }, (_, index) => ({
      run_id: `${rule_id}:${index}`,
      rule_id,
      // Several of the same instant: the id decides.
      claimed_at: new Date(Date.UTC(2026, 0, 1) + Math.floor(index / 4) * 1000).toISOString(),
      login: index % 5,
      brand: index % 2 === 0 ? 'alpha' : null,
    }));
    await claim(...made);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await records.list({ ruleId: rule_id }, { limit: 7, ...(cursor !== undefined && { cursor }) });
      seen.push(...page.items.map((run) => run.run_id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const order = (a: (typeof made)[0], b: (typeof made)[0]): number =>
      b.claimed_at.localeCompare(a.claimed_at) || (b.run_id < a.run_id ? -1 : 1);
    expect(seen).toEqual([...made].sort(order).map(({ run_id }) => run_id));

    const count = async (filter: Parameters<RunRecords['list']>[0]): Promise<number> =>
      (await records.list({ ruleId: rule_id, ...filter }, { limit: 500 })).items.length;
    expect(await count({ login: 0 })).toBe(5);
    expect(await count({ brand: null })).toBe(12);
    expect(await count({ brand: ['alpha', 'beta'] })).toBe(13);
    expect(await count({ trigger: 'customer.deposited', customerId: 'c-1', eventId: 'event-1' })).toBe(25);
    expect(await count({ from: '2026-01-01T00:00:01.000Z', to: '2026-01-01T00:00:02.000Z' })).toBe(4);
    expect(await count({ status: 'failed' })).toBe(0);
  });

  it('counts claimed runs as running, and lists open ones oldest first', async () => {
    const rule_id = uniqueName('rule');
    const times = ['2020-01-01T00:00:00.000Z', '2020-01-02T00:00:00.000Z', '2020-01-03T00:00:00.000Z'];
    await claim(...times.map((claimed_at, index) => ({ run_id: `${rule_id}:${index}`, rule_id, claimed_at })));
    await recorder.write(`${rule_id}:1`, patch('completed'));
    expect((await records.list({ ruleId: rule_id, status: 'running' })).items).toHaveLength(2);
    const open = await records.listOpen('2020-01-04T00:00:00.000Z');
    expect(open.items.map((run) => run.run_id)).toEqual([`${rule_id}:0`, `${rule_id}:2`]);
  });

  it('refuses a cursor it did not give', async () => {
    await expect(records.list({}, { cursor: 'bm90IG9uZQ' })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('what a run record decides', () => {
  const at = '2026-01-02T03:04:06.000Z';
  const names = { executionId: 'r:e', processId: 'r', tenantId: 'acme', occurredAt: at };
  const pausedEvent = (sequence: number, suspendedAt: string, more: object = {}): LifecycleDraft => ({
    ...names,
    sequence,
    eventType: 'WorkflowPaused',
    suspendedNodeId: 'action-0',
    correlationToken: 'token',
    actorId: 'alice',
    suspendedAt,
    expiresAt: null,
    ...more,
  });

  it('is the first end that is written, and a later one is told of it', async () => {
    const [run_id, other] = [uniqueName('run'), uniqueName('run')];
    await claim({ run_id }, { run_id: other });
    const error = { code: 'Terminated', message: 'terminated', action: 'action-0' };
    const first = await recorder.record(run_id, patch('completed', { finished_at: at, duration_ms: 5 }), null);
    expect(first).toMatchObject({ isNew: true, ended: { status: 'completed', duration_ms: 5 } });
    // Written together with one that is open: each is told of its own record.
    const [second, open] = await Promise.all([
      recorder.record(run_id, patch('failed', { finished_at: `${at}+`, error }), null),
      recorder.record(other, patch('running'), null),
    ]);
    expect(second).toMatchObject({ isNew: false, ended: { status: 'completed', finished_at: at } });
    expect(open).toEqual({ isNew: false, ended: null, event: null });
    expect(await recorder.ending(run_id)).toMatchObject({ status: 'completed' });
    expect(await recorder.ending(other)).toBeNull();
  });

  it('is the first text of a pause, until another one comes', async () => {
    const run_id = uniqueName('run');
    await claim({ run_id });
    const write = async (event: LifecycleDraft) => (await recorder.record(run_id, patch('paused'), event)).event;
    const first = pausedEvent(1, at);
    expect(await write(first)).toEqual(first);
    expect(await write(pausedEvent(1, 'later'))).toEqual(first);
    const second = pausedEvent(3, at, { correlationToken: 'other' });
    expect(await write(second)).toEqual(second);
    // An attempt of the first that was thought lost.
    expect(await write(pausedEvent(1, 'later'))).toBeNull();
    const reset = pausedEvent(1, at, { reset: 'run-2' });
    expect(await write(reset)).toEqual(reset);
    expect(await records.get(run_id)).not.toHaveProperty('last_event');
  });

  it('is the number of the last event, after whatever the record holds', async () => {
    const [run_id, other] = [uniqueName('run'), uniqueName('run')];
    await claim({ run_id }, { run_id: other });
    expect(await recorder.nextSequence(run_id)).toBe(1);
    await recorder.record(run_id, patch('paused'), pausedEvent(4, at));
    expect(await recorder.nextSequence(run_id)).toBe(5);
    const end = { ...patch('failed', { finished_at: at, duration_ms: 5 }), end_sequence: 1 };
    const write = async (id: string) => (await recorder.record(id, end, null)).ended;
    expect(await write(run_id)).toMatchObject({ status: 'failed', end_sequence: 5 });
    expect(await write(run_id)).toMatchObject({ end_sequence: 5 });
    expect(await write(other)).toMatchObject({ end_sequence: 1 });
    expect(await records.get(run_id)).not.toHaveProperty('end_sequence');
  });

  it('is no end for a run that was never to start', async () => {
    const run_id = uniqueName('run');
    await claim({ run_id, status: 'skipped' });
    await expect(recorder.record(run_id, patch('completed'), null)).rejects.toMatchObject({ code: 'run_not_open' });
  });
});
