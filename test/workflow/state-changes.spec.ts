/** Runs with the real activities: what they leave in the store and on the topic. */
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Connection as StoreConnection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lifecycleCloudEventSchema } from '#libs/contracts/lifecycle.schema.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { RuleAction } from '#libs/domain/rules/rule.ts';
import type { RunInput, RunRecord } from '#libs/domain/runs/run.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { createBatchingProducer, type BatchingProducer } from '#libs/kafka/producer.ts';
import { ensureTopics, topicName } from '#libs/kafka/topics.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { CrmPublisher } from '#libs/lifecycle/crm-publisher.ts';
import { LifecyclePublisher } from '#libs/lifecycle/publisher.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createAgentRotation } from '#libs/store/crm/agent-rotation.repository.ts';
import { createAssignmentStore } from '#libs/store/crm/assignment.repository.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createCounterStore, type CounterRepository } from '#libs/store/crm/manager-counter.repository.ts';
import { createNoteStore, type NoteRepository } from '#libs/store/crm/note.repository.ts';
import { createNotificationStore, type NotificationRepository } from '#libs/store/crm/notification.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { createRunData } from '#libs/store/runs/run-data.repository.ts';
import { createRunRecorder } from '#libs/store/runs/run-recorder.ts';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { createTaskStore, type TaskRepository } from '#libs/store/crm/task.repository.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { runContextReader } from '#temporal/activities/run/run-context.ts';
import { createLocalActivities } from '#temporal/activities/create-activities.ts';
import { runRuleWorkflow } from '#temporal/contract/names.ts';
import { readTopic } from '../support/read-topic.ts';
import { databaseUri, servers, uniqueName } from '../support/servers.ts';
import { Recording } from './recording-activities.ts';
import { runInput, workflowBundle } from './run-harness.ts';

const topicSettings = { topicPrefix: `${uniqueName('effects')}.`, partitions: 1, replication: 1 };
const lifecycleTopic = topicName(topicSettings, topics.lifecycle);

let store: StoreConnection;
let directory: Directory;
let notifications: NotificationRepository;
let tasks: TaskRepository;
let notes: NoteRepository;
let counters: CounterRepository;
let producer: BatchingProducer;
let native: NativeConnection;
let connection: Connection;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  store = await connectStore(databaseUri(uniqueName('effects')));
  await ensureIndexes(store);
  directory = createDirectory(store);
  notifications = createNotificationStore(store);
  tasks = createTaskStore(store);
  notes = createNoteStore(store);
  counters = createCounterStore(store);
  await directory.load({
    groups: [
      { name: 'g', brand: 'acme' },
      { name: 'other', brand: 'other' },
    ],
    managers: [
      { id: 1, name: 'Ada', enabled: true },
      { id: 2, name: 'Bo', enabled: true, brands: ['acme'] },
      { id: 3, name: 'Cy', enabled: true, brands: ['other'] },
      { id: 4, name: 'Di', enabled: false },
    ],
    customers: [{ id: 'c-1', assigned_manager_id: 2 }, { id: 'c-2' }, { id: 'c-3', manager_id: 1 }],
    statuses: [
      { id: 7, type: 'sales', code: 'vip', label: 'VIP' },
      { id: 8, type: 'kyc', code: 'verified' },
    ],
    teams: [
      { id: 'sales', name: 'Sales', agent_ids: [1] },
      { id: 'sales-north', name: 'Sales North', parent_id: 'sales', agent_ids: [2, 3, 4] },
      { id: 'nobody', name: 'Nobody', agent_ids: [4] },
    ],
    desks: [
      { code: 'retention', name: 'Retention', team_id: 'sales-north' },
      { code: 'partners', name: 'Partners', manager_id: 1, brand: 'acme' },
    ],
    accounts: [
      { login: 1001, group: 'g', customer_id: 'c-1' },
      { login: 3001, group: 'g', customer_id: 'c-3' },
      { login: 3002, group: 'g', customer_id: 'c-3' },
    ],
  });
  const kafka = createKafka({ brokers: servers().kafka, tls: false }, createLogger('test', 'silent'));
  await withAdmin(kafka, (admin) => ensureTopics(admin, topicSettings));
  producer = createBatchingProducer(kafka);
  native = await NativeConnection.connect({ address: servers().temporal });
  connection = await Connection.connect({ address: servers().temporal });
});

afterAll(async () => {
  await producer.stop();
  await connection.close();
  await native.close();
  await store.close();
});

/** Claims a run as the ingress does, carries it out, and gives its record. */
async function executeRun(
  actions: RuleAction[],
  more: Partial<RunInput> = {},
): Promise<{ input: RunInput; record: RunRecord }> {
  const input = runInput(actions, more);
  await createRunLedger(store).claim([claimOf(input)]);
  const activities = createLocalActivities({
    directory,
    notifications,
    tasks,
    notes,
    counters,
    approvals: createApprovals(store),
    assignments: createAssignmentStore(store),
    rotation: createAgentRotation(store),
    runs: createRunRecorder(store),
    runData: createRunData(store),
    runContext: runContextReader(new Client({ connection }), createRunData(store)),
    crm: new CrmPublisher(producer, topicName(topicSettings, topics.crm)),
    lifecycle: new LifecyclePublisher(producer, lifecycleTopic),
  });
  const taskQueue = uniqueName('effects');
  const { sinks } = new Recording();
  const bundle = workflowBundle();
  const worker = await Worker.create({ connection: native, taskQueue, activities, sinks, workflowBundle: bundle });
  const start = { taskQueue, workflowId: input.executionId, args: [input] };
  const client = new Client({ connection });
  await worker.runUntil(client.workflow.execute(runRuleWorkflow, start).catch(() => undefined));
  const record = await createRunRecords(store).get(input.executionId);
  if (record === null) throw new Error(`no record of ${input.executionId}`);
  return { input, record };
}

function claimOf({ executionId, rule, event, login, customerId, context }: RunInput): RunRecord {
  return {
    run_id: executionId,
    rule_id: rule.id,
    rule_name: rule.name,
    rule_version: rule.version,
    brand: context.brand,
    trigger_event: event.trigger,
    event_id: event.id,
    login,
    customer_id: customerId,
    status: 'claimed',
    reason: null,
    stopped_by: null,
    claimed_at: new Date().toISOString(),
    started_at: null,
    finished_at: null,
    duration_ms: null,
    error: null,
    actions: [],
  };
}

describe('the effects of a run', () => {
  it('R-069 R-077 R-078 are in the store when it has ended, and its record says so', async () => {
    const { record, input } = await executeRun([
      { type: 'notify.manager', params: { title: 'Big deposit', message: 'Call today' } },
      { type: 'customer.set_status', params: { status: 'vip' } },
      { type: 'customer.set_risk_level', params: { risk_level: 'high' } },
    ]);
    expect(record).toMatchObject({ status: 'completed', error: null, brand: 'acme' });
    expect(record.actions).toMatchObject([
      { type: 'notify.manager', status: 'completed', attempts: 1, detail: 'notified manager 2 (of the customer)' },
      { type: 'customer.set_status', status: 'completed', attempts: 1 },
      { type: 'customer.set_risk_level', status: 'completed', attempts: 1 },
    ]);
    expect(await directory.customer('c-1')).toMatchObject({
      sales_status: 'vip',
      sales_status_id: 7,
      risk_level: 'high',
    });
    const told = (await notifications.list()).filter(({ run_id }) => run_id === input.executionId);
    expect(told).toMatchObject([
      { manager_id: 2, title: 'Big deposit', message: 'Call today', tenant: 'acme', customer_id: 'c-1' },
    ]);
  });

  it('R-074 R-075 reach every enabled manager of the brand when the customer has none', async () => {
    const { input } = await executeRun([{ type: 'notify.manager', params: {} }], { customerId: 'c-2' });
    const told = (await notifications.list()).filter(({ run_id }) => run_id === input.executionId);
    expect(told.map(({ manager_id }) => manager_id).sort((a, b) => a - b)).toEqual([1, 2]);
  });

  it('R-167 R-168 R-174 set statuses and switch a customer off', async () => {
    const { record } = await executeRun(
      [
        { type: 'set_status', params: { status: 7 } },
        { type: 'set_status', params: { status: 'verified', kind: 'kyc' } },
        { type: 'set_customer_active', params: { active: false } },
      ],
      { customerId: 'c-2' },
    );
    expect(record).toMatchObject({ status: 'completed', actions: Array(3).fill({ status: 'completed' }) });
    expect(await directory.customer('c-2')).toMatchObject({
      sales_status: 'vip',
      kyc_status: 'verified',
      kyc_status_id: 8,
      active: false,
    });
  });

  it('R-171 create a task that is due after its time, for the assigned manager', async () => {
    const begun = Date.now();
    const { input, record } = await executeRun([
      { type: 'create_task', params: { type: 'follow_up', due_in: { value: 2, unit: 'days' } } },
      { type: 'create_task', params: { type: 'call', title: 'Call back', assignee_id: 1 } },
    ]);
    expect(record.status).toBe('completed');
    const origin = { customer_id: 'c-1', tenant: 'acme', run_id: input.executionId, rule_id: input.rule.id };
    const [followUp, call] = (await tasks.list({ customerId: 'c-1' })).sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(followUp).toMatchObject({
      ...origin,
      type: 'follow_up',
      title: 'Big deposit',
      status: 'open',
      assignee_id: 2,
    });
    expect(call).toMatchObject({ ...origin, type: 'call', title: 'Call back', due_at: null, assignee_id: 1 });
    const due = Date.parse(followUp!.due_at!) - 2 * 24 * 3_600_000;
    expect(due).toBeGreaterThanOrEqual(begun);
    expect(due).toBeLessThanOrEqual(Date.now());
  });

  it('R-172 R-173 add a note and count for the manager of the customer', async () => {
    const { input, record } = await executeRun(
      [
        { type: 'add_note', params: { body: 'Auto: churning rescue initiated' } },
        { type: 'increment_manager_counter', params: { counter: 'rescues' } },
        { type: 'increment_manager_counter', params: { counter: 'rescues', by: 4 } },
        { type: 'increment_manager_counter', params: { counter: 'rescues', manager_id: 2 } },
      ],
      { customerId: 'c-3' },
    );
    expect(record.status).toBe('completed');
    expect(await notes.list('c-3')).toMatchObject([
      { body: 'Auto: churning rescue initiated', customer_id: 'c-3', run_id: input.executionId },
    ]);
    expect(await counters.totals()).toEqual([
      { manager_id: 1, counter: 'rescues', total: 5 },
      { manager_id: 2, counter: 'rescues', total: 1 },
    ]);
  });

  it("R-175 freeze the event's account, or all accounts of the customer", async () => {
    const freeze = [{ type: 'freeze_account', params: { reason: 'Chargeback' } }];
    await executeRun(freeze, { login: 1001 });
    const both = await executeRun([{ type: 'freeze_account', params: {} }], { login: null, customerId: 'c-3' });
    expect(both.record.actions).toMatchObject([{ status: 'completed', detail: 'frozen: 3001, 3002' }]);
    const accounts = await directory.accounts([1001, 3001, 3002]);
    expect(accounts.get(1001)).toMatchObject({ frozen: true, frozen_reason: 'Chargeback' });
    expect(accounts.get(3002)).toMatchObject({ frozen: true, frozen_reason: 'Big deposit' });
  });

  it('leave an account alone that is awaited: whose brand it will be is not known', async () => {
    await directory.load({
      customers: [{ id: 'c-8', logins: [8001, 8002] }],
      accounts: [{ login: 8001, group: 'g', customer_id: 'c-8' }],
    });
    const { record } = await executeRun([{ type: 'freeze_account', params: {} }], { login: null, customerId: 'c-8' });
    expect(record.actions).toMatchObject([{ detail: 'frozen: 8001; not in the directory: 8002' }]);
    const occurredAt = new Date().toISOString();
    await directory.changeAccounts([{ login: 8002, account: { login: 8002, group: 'other' }, occurredAt }]);
    expect((await directory.accounts([8002])).get(8002)?.frozen).toBeUndefined();
  });

  it('leave the accounts alone that the customer has with another brand', async () => {
    await directory.load({
      customers: [{ id: 'c-7' }],
      accounts: [
        { login: 7001, group: 'g', customer_id: 'c-7' },
        { login: 7002, group: 'other', customer_id: 'c-7' },
      ],
    });
    const { record } = await executeRun([{ type: 'freeze_account', params: {} }], { login: null, customerId: 'c-7' });
    expect(record.actions).toMatchObject([{ detail: 'frozen: 7001; those of another brand left alone' }]);
    const accounts = await directory.accounts([7001, 7002]);
    expect([7001, 7002].map((login) => accounts.get(login)?.frozen)).toEqual([true, undefined]);
  });

  it('R-163 R-164 R-165 R-166 give a customer to agents in turn, to one agent, to another and to retention', async () => {
    await directory.load({ customers: [{ id: 'c-5' }, { id: 'c-6' }] });
    const toTeam = [{ type: 'assign_to_team', params: { team_id: 'sales' } }];
    const first = await executeRun(toTeam, { customerId: 'c-5', login: null });
    const second = await executeRun(toTeam, { customerId: 'c-6', login: null });
    expect([first, second].map(({ record }) => record.actions[0]?.detail)).toEqual([
      'customer c-5: assigned to manager 1 (team sales)',
      'customer c-6: assigned to manager 2 (team sales)',
    ]);
    const { record } = await executeRun(
      [
        { type: 'reassign_round_robin', params: {} },
        { type: 'assign_to_agent', params: { agent_id: 1 } },
        { type: 'assign_to_agent', params: { agent: 'partners' } },
        { type: 'handover_to_retention', params: {} },
        { type: 'handover_to_retention', params: {} },
        { type: 'reassign_round_robin', params: { team_id: 'sales' } },
      ],
      { customerId: 'c-5', login: null },
    );
    expect(record).toMatchObject({ status: 'completed', error: null });
    expect(record.actions.map(({ detail }) => detail?.replace('customer c-5: ', ''))).toEqual([
      'assigned to manager 2 (team sales)',
      'assigned to manager 1 (team sales)',
      'assigned to manager 1 (desk partners, team sales)',
      'assigned to manager 2 (desk retention, team sales-north)',
      'stays with manager 2 (desk retention, team sales-north)',
      'assigned to manager 1 (team sales)',
    ]);
    expect(await directory.customer('c-5')).toEqual({
      id: 'c-5',
      assigned_manager_id: 1,
      team_id: 'sales',
      desk: null,
    });
    // What stays as it is is no event.
    const published = await readTopic(servers().kafka, topicName(topicSettings, topics.crm), 'c-5', 6);
    const events = published.map(({ value }) => JSON.parse(value) as { type: string; brand: string; data: object });
    expect(events.map(({ data }) => data)).toEqual([
      { manager_id: 1, team_id: 'sales', desk: null, previous_manager_id: null },
      { manager_id: 2, team_id: 'sales', desk: null, previous_manager_id: 1 },
      { manager_id: 1, team_id: 'sales', desk: null, previous_manager_id: 2 },
      { manager_id: 1, team_id: 'sales', desk: 'partners', previous_manager_id: 1 },
      { manager_id: 2, team_id: 'sales-north', desk: 'retention', previous_manager_id: 1 },
      { manager_id: 1, team_id: 'sales', desk: null, previous_manager_id: 2 },
    ]);
    expect(events).toEqual(Array(6).fill(expect.objectContaining({ type: 'customer.assigned', brand: 'acme' })));
  });

  it.each([
    [{ type: 'assign_to_team', params: { team_id: 'x' } }, { customerId: 'c-1' }, 'team_not_found'],
    [{ type: 'assign_to_team', params: { team_id: 'nobody' } }, { customerId: 'c-1' }, 'no_active_agent'],
    [{ type: 'assign_to_agent', params: { agent_id: 4 } }, { customerId: 'c-1' }, 'agent_not_found'],
    [{ type: 'assign_to_agent', params: { agent: 'x' } }, { customerId: 'c-1' }, 'desk_not_found'],
    [{ type: 'reassign_round_robin', params: {} }, { customerId: 'c-2' }, 'team_not_found'],
    [{ type: 'handover_to_retention', params: {} }, { customerId: null }, 'customer_not_linked'],
    [{ type: 'notify.manager', params: { manager_id: 4 } }, { customerId: 'c-1' }, 'manager_not_found'],
    [{ type: 'customer.set_status', params: { status: 'gold' } }, { customerId: 'c-1' }, 'status_not_found'],
    [{ type: 'customer.set_risk_level', params: { risk_level: 1 } }, { customerId: null }, 'customer_not_linked'],
    [{ type: 'set_status', params: { status: 'vip', kind: 'kyc' } }, { customerId: 'c-1' }, 'status_not_found'],
    [{ type: 'set_customer_active', params: { active: true } }, { customerId: 'nobody' }, 'customer_not_found'],
    [{ type: 'create_task', params: { type: 'call', assignee_id: 4 } }, { customerId: 'c-1' }, 'manager_not_found'],
    [{ type: 'add_note', params: { body: 'x' } }, { customerId: 'nobody' }, 'customer_not_found'],
    [{ type: 'increment_manager_counter', params: { counter: 'x' } }, { customerId: 'c-2' }, 'manager_not_found'],
    [{ type: 'freeze_account', params: {} }, { login: 9 }, 'account_not_found'],
  ])('R-079 fail for good when they cannot be had: %j', async (action, more, code) => {
    const { record } = await executeRun([action, { type: 'notify.manager', params: {} }], more);
    expect(record).toMatchObject({
      status: 'failed',
      error: { code, action: 'action-0' },
      actions: [{ status: 'failed', attempts: 1, error: { code } }, { status: 'not_run' }],
    });
  });
});

describe('the events of effects', () => {
  it('R-135 R-171 R-175 come to the topic of CRM events before the run ends, under ids of their actions', async () => {
    await directory.load({ customers: [{ id: 'c-4' }], accounts: [{ login: 4001, group: 'g', customer_id: 'c-4' }] });
    const { input } = await executeRun(
      [
        { type: 'set_status', params: { status: 'vip' } },
        { type: 'set_status', params: { status: 'vip' } },
        { type: 'customer.set_risk_level', params: { risk_level: 'high' } },
        { type: 'set_customer_active', params: { active: false } },
        { type: 'create_task', params: { type: 'call' } },
        { type: 'add_note', params: { body: 'Frozen' } },
        { type: 'freeze_account', params: { reason: 'Chargeback' } },
      ],
      { customerId: 'c-4', login: 4001, event: { ...runInput([]).event, causation: ['evt-0'] } },
    );
    const published = await readTopic(servers().kafka, topicName(topicSettings, topics.crm), 'c-4', 6);
    const key = (index: number) => `${input.executionId}/action-${index}`;
    const events = published.map(({ value }) => JSON.parse(value) as object);
    const common = { brand: 'acme', customerId: 'c-4', login: 4001, causation: ['evt-0', 'evt-1'] };
    const expected = [
      [0, 'customer.status_changed', { kind: 'sales', status: 'vip', status_id: 7, previous: null }],
      [2, 'customer.risk_changed', { risk_level: 'high', previous: null }],
      [3, 'customer.active_changed', { active: false, previous: null }],
      [4, 'task.created', { task_id: key(4), type: 'call', title: 'Big deposit', due_at: null, assignee_id: null }],
      [5, 'note.added', { note_id: key(5) }],
      [6, 'account.frozen', { logins: [4001], reason: 'Chargeback' }],
    ] as const;
    expect(events).toEqual(
      expected.map(([index, type, data]) => ({
        ...common,
        id: key(index),
        type,
        occurredAt: expect.any(String),
        data,
      })),
    );
  });
});

describe('the topic of lifecycle events', () => {
  it('R-311 R-312 R-321 R-338 holds the two events of a run, under its key, as their contract says', async () => {
    const { input, record } = await executeRun([{ type: 'notify.manager', params: { manager_id: 1 } }], {
      context: { brand: 'acme', event: { amount: 5, password: 'hunter2-hunter2' } },
    });
    const own = await readTopic(servers().kafka, lifecycleTopic, input.executionId, 2);
    expect(own.map(({ headers }) => headers['content-type'])).toEqual(
      Array(2).fill('application/cloudevents+json; charset=UTF-8'),
    );
    const events = own.map(({ value }) => lifecycleCloudEventSchema.parse(JSON.parse(value)));
    expect(events).toMatchObject([
      { type: 'WorkflowStarted', data: { processId: input.rule.id, tenantId: 'acme', triggeredBy: 'system' } },
      { type: 'WorkflowCompleted', data: { durationMs: record.duration_ms, completedAt: record.finished_at } },
    ]);
    expect(own[0]?.value).not.toContain('hunter2-hunter2');
  });
});
