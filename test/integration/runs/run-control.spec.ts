/** People and real runs: one way in, whoever is first wins, and what failed can be taken up again. */
import { Client, Connection, type WorkflowClient } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Connection as StoreConnection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '#libs/domain/approvals/approval.ts';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import type { RuleAction } from '#libs/domain/rules/rule.ts';
import type { RunInput } from '#libs/domain/runs/run.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createApprovals, type ApprovalRepository } from '#libs/store/approvals/approval.repository.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createAgentRotation } from '#libs/store/crm/agent-rotation.repository.ts';
import { createAssignmentStore } from '#libs/store/crm/assignment.repository.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createCounterStore } from '#libs/store/crm/manager-counter.repository.ts';
import { createNoteStore } from '#libs/store/crm/note.repository.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
import { createPersonNames } from '#libs/store/access/person-names.reader.ts';
import { createRetryStore } from '#libs/store/runs/retry.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { createRunData } from '#libs/store/runs/run-data.repository.ts';
import { createRunNumbers } from '#libs/store/runs/run-number.repository.ts';
import { createRunRecorder } from '#libs/store/runs/run-recorder.ts';
import { createRunRecords, type RunRecords } from '#libs/store/runs/run-log.repository.ts';
import { createTaskStore } from '#libs/store/crm/task.repository.ts';
import { runContextReader } from '#temporal/activities/run/run-context.ts';
import { createLocalActivities } from '#temporal/activities/create-activities.ts';
import { RunProgressService } from '../../../apps/api/runs/run-progress.service.ts';
import { answerUpdate } from '#temporal/contract/run-messages.ts';
import { createRunControl, type RunControl } from '#temporal/client/run-control.ts';
import { createRunStarter } from '#temporal/client/run-starter.ts';
import { auditedBy } from '../../support/audit.ts';
import { databaseUri, servers, uniqueName } from '../../support/servers.ts';
import { Recording } from '../../workflow/recording-activities.ts';
import { runInput, workflowBundle } from '../../workflow/run-harness.ts';
import { runRecord } from '../../support/runs.ts';

const taskQueue = uniqueName('control');
const admin: Person = { userId: 'root', role: 'SESSION_ADMIN' };
const person = (userId: string): Person => ({ userId, role: 'SESSION_MANAGER' });
const ask: RuleAction = {
  type: 'approval.request',
  params: { title: 'Pay out?', approvers: { roles: ['SESSION_MANAGER'] }, expires_in: { value: 1, unit: 'days' } },
};
const notify: RuleAction = { type: 'notify.manager', params: {} };

let store: StoreConnection;
let directory: Directory;
let approvals: ApprovalRepository;
let records: RunRecords;
let native: NativeConnection;
let connection: Connection;
let control: RunControl;
let stopWorker: () => Promise<void>;
const published: LifecycleDraft[] = [];

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  store = await connectStore(databaseUri(uniqueName('control')));
  await ensureIndexes(store);
  directory = createDirectory(store);
  await directory.load({ managers: [{ id: 1, name: 'Ada', enabled: true }], customers: [{ id: 'c-1' }] });
  approvals = createApprovals(store);
  records = createRunRecords(store);
  native = await NativeConnection.connect({ address: servers().temporal });
  connection = await Connection.connect({ address: servers().temporal });
  control = controlWith(new Client({ connection }).workflow);
  stopWorker = await startWorker(taskQueue);
});

afterAll(async () => {
  await stopWorker();
  await connection.close();
  await native.close();
  await store.close();
});

function controlWith(client: WorkflowClient, clockTrustedMs?: number): RunControl {
  const recorder = createRunRecorder(store);
  return createRunControl({
    client,
    approvals,
    records,
    retries: createRetryStore(store),
    numbers: createRunNumbers(store),
    starter: createRunStarter(client, taskQueue),
    failRun: (id, patch) => recorder.write(id, patch),
    namesOf: (userId, keys) => createPersonNames(store).namesOf(userId, keys),
    commandTimeoutMs: 10_000,
    ...(clockTrustedMs !== undefined && { clockTrustedMs }),
    audited: auditedBy(store),
  });
}

/** @returns what ends it */
async function startWorker(queue: string): Promise<() => Promise<void>> {
  const worker = await Worker.create({
    connection: native,
    taskQueue: queue,
    workflowBundle: workflowBundle(),
    sinks: new Recording().sinks,
    activities: createLocalActivities({
      directory,
      notifications: createNotificationStore(store),
      tasks: createTaskStore(store),
      notes: createNoteStore(store),
      counters: createCounterStore(store),
      assignments: createAssignmentStore(store),
      rotation: createAgentRotation(store),
      approvals,
      runs: createRunRecorder(store),
      runData: createRunData(store),
      runContext: runContextReader(new Client({ connection }), createRunData(store)),
      lifecycle: { publish: (drafts) => Promise.resolve(void published.push(...drafts)) },
      crm: { publish: () => Promise.resolve() },
    }),
  });
  const working = worker.run();
  return () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    return working;
  };
}

/** Decides and starts a run as the ingress does. */
async function start(actions: RuleAction[], queue = taskQueue): Promise<RunInput> {
  const eventId = uniqueName('event');
  const base = runInput(actions);
  const input = {
    ...base,
    executionId: `${base.rule.id}:${eventId}`,
    event: { ...base.event, id: eventId },
  };
  const ledger = createRunLedger(store);
  const decidedAt = new Date().toISOString();
  await ledger.decide([{ eventKey: eventId, eventId, fingerprint: eventId, decidedAt, runs: [input], skipped: [] }]);
  const { executionId: run_id, rule, customerId: customer_id } = input;
  const ruleFields = { rule_id: rule.id, rule_name: rule.name, rule_version: rule.version };
  await ledger.claim([runRecord({ run_id, ...ruleFields, customer_id, event_id: eventId, brand: 'acme' })]);
  await createRunStarter(new Client({ connection }).workflow, queue).start(input);
  return input;
}

async function tokenOf({ executionId }: RunInput): Promise<string> {
  await expect
    .poll(async () => (await approvals.list({ runId: executionId, state: 'open' })).items.length, { timeout: 30_000 })
    .toBe(1);
  return (await approvals.list({ runId: executionId })).items[0]!.token;
}

async function ended(runId: string, status: string): Promise<void> {
  await expect.poll(async () => (await records.get(runId))?.status, { timeout: 30_000 }).toBe(status);
}

const code = (command: Promise<unknown>): Promise<string> =>
  command.then(
    () => 'taken',
    (error: { code?: string }) => error.code ?? String(error),
  );

const answer = (token: string, by: Person, decision: 'approve' | 'reject' = 'approve') =>
  control.answer({ token, decision, by, comment: null, data: null });

describe('answers to a run', () => {
  it('R-350 one wins of two that come at the same instant, a hundred times', async () => {
    const runs = await Promise.all(Array.from({ length: 100 }, () => start([ask, notify])));
    for (const run of runs) {
      const token = await tokenOf(run);
      const outcomes = await Promise.all([
        code(answer(token, person('alice'))),
        code(answer(token, person('bob'), 'reject')),
      ]);
      expect(outcomes.sort()).toEqual(['approval_conflict', 'taken']);
      const approved = (await approvals.get(token))?.answers ?? [];
      expect(approved.length).toBeLessThanOrEqual(1);
    }
    for (const { executionId } of runs) {
      await expect.poll(async () => (await records.get(executionId))?.finished_at, { timeout: 30_000 }).not.toBeNull();
      const own = () =>
        published.filter((event) => event.executionId === executionId).map(({ eventType }) => eventType);
      // The record is written before the event goes out.
      const isEnd = (type: string) => type === 'WorkflowCompleted' || type === 'WorkflowFailed';
      await expect.poll(() => own().some(isEnd)).toBe(true);
      expect(own().filter((type) => type === 'WorkflowResumed')).toHaveLength(1);
      expect(own().filter(isEnd)).toHaveLength(1);
    }
  }, 180_000);

  it('R-350 are refused once the run has ended, for an unknown token, and for another brand', async () => {
    const run = await start([ask]);
    const token = await tokenOf(run);
    expect(await code(answer(token, { ...person('alice'), brands: ['other'] }))).toBe('approval_conflict');
    expect(await code(answer('0'.repeat(64), person('alice')))).toBe('approval_conflict');
    expect(await code(answer(token, { userId: 'dan', role: 'SESSION_DEALER' }))).toBe('not_entitled');
    await answer(token, person('alice'));
    await ended(run.executionId, 'completed');
    expect(await code(answer(token, person('bob')))).toBe('approval_conflict');
    const own = published.filter(({ executionId }) => executionId === run.executionId);
    expect(own.map(({ eventType }) => eventType)).toEqual([
      'WorkflowStarted',
      'WorkflowPaused',
      'WorkflowResumed',
      'WorkflowCompleted',
    ]);
  });

  it('R-351 closes the question of a run that is cancelled, in whose name it was', async () => {
    const run = await start([ask, notify]);
    const token = await tokenOf(run);
    expect(await code(control.cancel(run.executionId, { ...admin, brands: ['other'] }, null))).toBe('run_not_found');
    await control.cancel(run.executionId, admin, 'duplicate');
    await ended(run.executionId, 'failed');
    expect(await records.get(run.executionId)).toMatchObject({
      error: { code: 'Cancelled', message: 'The run was cancelled by root: duplicate' },
    });
    expect(await approvals.get(token)).toMatchObject({ state: 'cancelled' });
    expect(await code(answer(token, person('alice')))).toBe('approval_conflict');
    // Whoever cancelled it may not know that it was done.
    expect(await code(control.cancel(run.executionId, admin, null))).toBe('taken');
    expect(await code(control.cancel(run.executionId, { ...admin, userId: 'eve' }, null))).toBe('run_conflict');
    expect(await code(control.pause(run.executionId, admin, null))).toBe('run_conflict');
  });
});

it('what people do to runs is in the audit log, and what became of it', async () => {
  const run = await start([ask, notify]);
  const token = await tokenOf(run);
  const noted = async () => (await createAuditLog(store).list({ target: `run/${run.executionId}` })).items;
  await control.reassign({ token, approvers: { roles: [], users: ['eve'] }, by: admin, reason: 'token=abcdef1234567' });
  expect(await code(answer(token, person('alice')))).toBe('not_entitled');
  await control.pause(run.executionId, admin, null);
  await control.resume(run.executionId, admin, null);
  await answer(token, person('eve'));
  await ended(run.executionId, 'completed');
  expect(await noted()).toMatchObject([
    { operation: 'approval.answer', by: 'eve', outcome: 'done', what: { decision: 'approve' } },
    { operation: 'run.resume', by: 'root', outcome: 'done' },
    { operation: 'run.pause', by: 'root', outcome: 'done' },
    { operation: 'approval.answer', by: 'alice', outcome: 'refused', code: 'not_entitled' },
    { operation: 'approval.reassign', by: 'root', what: { reason: 'token=***567', approvers: { users: ['eve'] } } },
  ]);
  expect(JSON.stringify(await noted())).not.toContain(token);
});

describe('a command that could not be delivered', () => {
  const outcomes = async (run: RunInput) =>
    (await createAuditLog(store).list({ target: `run/${run.executionId}` })).items.map(({ outcome }) => outcome);

  it('was not done, and is not done later, where no worker has the run', async () => {
    const queue = uniqueName('away');
    const stop = await startWorker(queue);
    const run = await start([ask, notify], queue);
    const token = await tokenOf(run);
    await stop();
    const alice = person('alice');
    const fresh = controlWith(new Client({ connection }).workflow);
    const given = { token, by: alice, comment: null, data: null };
    const commands = [
      fresh.answer({ ...given, decision: 'approve' }),
      fresh.answer({ ...given, decision: 'reject' }),
      fresh.pause(run.executionId, admin, null),
    ];
    expect(await Promise.all(commands.map(code))).toEqual(Array(3).fill('temporal_unavailable'));
    const again = await startWorker(queue);
    // What came late would be taken before this.
    expect(await code(answer(token, { userId: 'dan', role: 'SESSION_DEALER' }))).toBe('not_entitled');
    expect(await approvals.get(token)).toMatchObject({ state: 'open', answers: [] });
    expect(await outcomes(run)).toEqual(['refused', 'failed', 'failed', 'failed']);
    expect(await answer(token, alice)).toMatchObject({ state: 'approved' });
    await ended(run.executionId, 'completed');
    expect((await records.get(run.executionId))?.interventions).toBeUndefined();
    await again();
  }, 180_000);

  it('is called unknown once where the worker was there a moment ago, then known not to be done', async () => {
    const queue = uniqueName('left');
    const stop = await startWorker(queue);
    const run = await start([ask, notify], queue);
    const token = await tokenOf(run);
    const patient = controlWith(new Client({ connection }).workflow, 600_000);
    await patient.pause(run.executionId, admin, null);
    await stop();
    const given = { token, decision: 'approve' as const, by: person('alice'), comment: null, data: null };
    expect(await code(patient.answer(given))).toBe('outcome_unknown');
    expect(await code(patient.answer(given))).toBe('temporal_unavailable');
    const again = await startWorker(queue);
    await patient.resume(run.executionId, admin, null);
    expect(await approvals.get(token)).toMatchObject({ state: 'open', answers: [] });
    expect(await patient.answer(given)).toMatchObject({ state: 'approved' });
    await ended(run.executionId, 'completed');
    await again();
  }, 180_000);

  it('is called unknown where its worker dies, is not done when its time is over, and may be sent again', async () => {
    const queue = uniqueName('dying');
    let stop = await startWorker(queue);
    const run = await start([ask, notify], queue);
    const token = await tokenOf(run);
    const { workflow: client } = new Client({ connection });
    const dying = controlWith(
      new Proxy(client, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name, target);
          if (name !== 'getHandle') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
          return (id: string) => {
            const handle = target.getHandle(id);
            const executeUpdate: typeof handle.executeUpdate = async (update: never, options: never) => {
              if (update === answerUpdate) await stop();
              return handle.executeUpdate(update, options);
            };
            return { ...handle, executeUpdate };
          };
        },
      }),
    );
    const given = { token, decision: 'approve' as const, by: person('alice'), comment: null, data: null };
    expect(await code(dying.answer(given))).toBe('outcome_unknown');
    expect(await outcomes(run)).toEqual(['unknown']);
    stop = await startWorker(queue);
    expect(await code(answer(token, { userId: 'dan', role: 'SESSION_DEALER' }))).toBe('not_entitled');
    expect(await approvals.get(token)).toMatchObject({ state: 'open', answers: [] });
    expect(await control.answer(given)).toMatchObject({ state: 'approved' });
    await ended(run.executionId, 'completed');
    // Whoever repeats it once more learns that it was taken, and who says otherwise how it stands.
    expect(await control.answer(given)).toMatchObject({ state: 'approved', approved: 1 });
    expect(await code(control.answer({ ...given, decision: 'reject' }))).toBe('approval_conflict');
    await stop();
  }, 180_000);

  it('leaves no trace in a run that refuses it', async () => {
    const run = await start([ask]);
    const token = await tokenOf(run);
    await ended(run.executionId, 'paused');
    const describe = () => new Client({ connection }).workflow.getHandle(run.executionId).describe();
    const isQuiet = async (): Promise<boolean> => {
      const { raw } = await describe();
      return raw.pendingActivities?.length === 0 && raw.pendingWorkflowTask == null;
    };
    await expect.poll(isQuiet, { timeout: 60_000 }).toBe(true);
    const before = (await describe()).historyLength;
    expect(await code(answer(token, { userId: 'dan', role: 'SESSION_DEALER' }))).toBe('not_entitled');
    expect((await describe()).historyLength).toBe(before);
    await answer(token, person('alice'));
  });

  it('is taken once however often it is sent under one key', async () => {
    const run = await start([ask, notify]);
    await tokenOf(run);
    await control.pause(run.executionId, admin, null, 'key-1');
    await control.resume(run.executionId, admin, null);
    await control.pause(run.executionId, admin, null, 'key-1');
    expect(await code(control.resume(run.executionId, { ...admin, userId: 'eve' }, null))).toBe('run_conflict');
    await answer(await tokenOf(run), person('alice'));
    await ended(run.executionId, 'completed');
  });
});

describe('one person', () => {
  it('is one of two who are needed, and may not approve what they set off, under whatever name', async () => {
    await directory.load({ managers: [{ id: 77, name: 'Zoe', email: 'zoe@acme.example', enabled: true }] });
    const run = await start([{ ...ask, params: { ...ask.params, required: 2 } }, notify]);
    const token = await tokenOf(run);
    expect(await answer(token, person('77'))).toMatchObject({ approved: 1 });
    expect(await answer(token, person('Zoe@ACME.example'))).toMatchObject({ state: 'open', approved: 1 });
    expect(await code(answer(token, person('zoe@acme.example'), 'reject'))).toBe('approval_conflict');
    await answer(token, person('bob'));
    await ended(run.executionId, 'completed');
    expect((await approvals.get(token))?.answers.map(({ person: name }) => name)).toEqual(['77', 'bob']);
  });

  it('answers with whatever they like to bring along', async () => {
    const run = await start([ask, notify]);
    const token = await tokenOf(run);
    const data = JSON.parse('{"a.b":1,"$set":{"x":[[1],[2]]},"nul\\u0000":"\\u0000"}') as Record<string, unknown>;
    await control.answer({ token, decision: 'approve', by: person('alice'), comment: 'nul \0', data });
    await ended(run.executionId, 'completed');
    expect(await approvals.get(token)).toMatchObject({ state: 'approved' });
    expect(JSON.stringify((await approvals.get(token))?.answers[0]?.data)).toBe(JSON.stringify(data));
  });
});

describe('a run that waits', () => {
  it('tells at any moment how far it is, and is found in the Temporal UI', async () => {
    const live = new RunProgressService(new Client({ connection }).workflow, 'http://127.0.0.1:8233/', 'default');
    const run = await start([notify, ask]);
    const token = await tokenOf(run);
    const actions = [
      { type: notify.type, status: 'completed' },
      { type: 'approval.request', status: 'running' },
    ];
    expect(await live.read(run.executionId)).toMatchObject({ actions, paused_by: null });
    // Beside the answer it waits for an operator, too: nothing but the run itself knows.
    await control.pause(run.executionId, admin, null);
    expect(await live.read(run.executionId)).toMatchObject({ actions, paused_by: admin.userId });
    await control.resume(run.executionId, admin, null);
    expect(await live.read(run.executionId)).toMatchObject({ actions, paused_by: null });
    await answer(token, person('alice'));
    await ended(run.executionId, 'completed');
    expect(await live.read('no such run')).toBeNull();
    const place = 'http://127.0.0.1:8233/namespaces/default/workflows';
    expect(live.link('r:e/1')).toBe(`${place}/r%3Ae%2F1`);
  });
});

describe('a retry', () => {
  it('goes on with a failed run at the action that failed, once, and does nothing again', async () => {
    const risky: RuleAction = { type: 'customer.set_status', params: { status: uniqueName('status') } };
    const counter: RuleAction = { type: 'increment_manager_counter', params: { counter: 'calls', manager_id: 1 } };
    const run = await start([counter, risky, notify]);
    await ended(run.executionId, 'failed');
    expect(await records.get(run.executionId)).toMatchObject({
      error: { code: 'status_not_found', action: 'action-1' },
    });
    await directory.load({ statuses: [{ id: uniqueName('id'), type: 'sales', code: String(risky.params['status']) }] });

    const outcomes = await Promise.all(
      [1, 2].map(() => control.retry(run.executionId, admin, 'bank says yes').catch(() => null)),
    );
    const retryId = `retry-1/${run.executionId}`;
    expect(outcomes).toContain(retryId);
    await ended(retryId, 'completed');
    expect(await records.get(retryId)).toMatchObject({
      retry_of: run.executionId,
      number: expect.any(Number) as number,
      reason: 'retry',
      interventions: [{ what: 'retry', by: admin.userId, reason: 'bank says yes' }],
      rule_version: run.rule.version,
      actions: [{ status: 'completed' }, { status: 'completed' }, { status: 'completed' }],
    });
    expect(await records.get(run.executionId)).toMatchObject({ status: 'failed' });
    const starts = published.filter(
      ({ executionId, eventType }) => executionId === retryId && eventType === 'WorkflowStarted',
    );
    expect(starts).toMatchObject([{ triggeredBy: 'root' }]);
    expect((await createCounterStore(store).totals()).filter(({ counter: name }) => name === 'calls')).toMatchObject([
      { total: 1 },
    ]);
    expect(await control.retry(run.executionId, admin, null)).toBe(retryId);
    expect(await code(control.retry(run.executionId, { ...admin, userId: 'eve' }, null))).toBe('run_conflict');
    expect(await code(control.retry(retryId, admin, null))).toBe('run_conflict');
  });
});
