/** Runs with the real activities: what they leave in the store and on the topic. */
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Kafka } from 'kafkajs';
import type { Connection as StoreConnection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lifecycleCloudEventSchema } from '#libs/contracts/lifecycle.schema.ts';
import { topics } from '#libs/domain/event.ts';
import type { RuleAction } from '#libs/domain/rule.ts';
import type { RunInput, RunRecord } from '#libs/domain/run.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { createBatchingProducer, type BatchingProducer } from '#libs/kafka/producer.ts';
import { ensureTopics, topicName } from '#libs/kafka/topics.ts';
import { LifecyclePublisher } from '#libs/lifecycle/publisher.ts';
import { connectStore } from '#libs/store/connect.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { ensureIndexes } from '#libs/store/ensure-indexes.ts';
import { createNotificationStore, type NotificationRepository } from '#libs/store/notification.repository.ts';
import { createRunLedger } from '#libs/store/run-ledger.repository.ts';
import { createRunRecorder } from '#libs/store/run-recorder.ts';
import { createRunRecords } from '#libs/store/run-record.repository.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { createLocalActivities } from '#temporal/activities/create-activities.ts';
import { runRuleWorkflow } from '#temporal/contract/names.ts';
import { readTopic } from '../support/read-topic.ts';
import { databaseUri, servers, uniqueName } from '../support/servers.ts';
import { Recording } from './recording-activities.ts';
import { runInput, workflowBundle } from './run-harness.ts';

const topicSettings = { KAFKA_TOPIC_PREFIX: `${uniqueName('effects')}.`, KAFKA_PARTITIONS: 1, KAFKA_REPLICATION: 1 };
const lifecycleTopic = topicName(topicSettings, topics.lifecycle);

let store: StoreConnection;
let directory: Directory;
let notifications: NotificationRepository;
let kafka: Kafka;
let producer: BatchingProducer;
let native: NativeConnection;
let connection: Connection;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  store = await connectStore(databaseUri(uniqueName('effects')));
  await ensureIndexes(store);
  directory = createDirectory(store);
  notifications = createNotificationStore(store);
  await directory.load({
    managers: [
      { id: 1, name: 'Ada', enabled: true },
      { id: 2, name: 'Bo', enabled: true, brands: ['acme'] },
      { id: 3, name: 'Cy', enabled: true, brands: ['other'] },
      { id: 4, name: 'Di', enabled: false },
    ],
    customers: [{ id: 'c-1', assigned_manager_id: 2 }, { id: 'c-2' }],
    statuses: [{ id: 7, type: 'sales', code: 'vip', label: 'VIP' }],
  });
  kafka = createKafka({ KAFKA_BROKERS: servers().kafka, KAFKA_TLS: false }, createLogger('test', 'silent'));
  const admin = kafka.admin();
  await admin.connect();
  await ensureTopics(admin, topicSettings);
  await admin.disconnect();
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
async function carryOut(
  actions: RuleAction[],
  more: Partial<RunInput> = {},
): Promise<{ input: RunInput; record: RunRecord }> {
  const input = runInput(actions, more);
  await createRunLedger(store).claim([claimOf(input)]);
  const activities = createLocalActivities({
    directory,
    notifications,
    runs: createRunRecorder(store),
    lifecycle: new LifecyclePublisher(producer, lifecycleTopic),
  });
  const taskQueue = uniqueName('effects');
  const { sinks } = new Recording();
  const bundle = await workflowBundle();
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
    const { record, input } = await carryOut([
      { type: 'notify.manager', params: { title: 'Big deposit' } },
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
    expect(told).toMatchObject([{ manager_id: 2, title: 'Big deposit', tenant: 'acme', customer_id: 'c-1' }]);
  });

  it('R-074 R-075 reach every enabled manager of the brand when the customer has none', async () => {
    const { input } = await carryOut([{ type: 'notify.manager', params: {} }], { customerId: 'c-2' });
    const told = (await notifications.list()).filter(({ run_id }) => run_id === input.executionId);
    expect(told.map(({ manager_id }) => manager_id).sort((a, b) => a - b)).toEqual([1, 2]);
  });

  it.each([
    [{ type: 'notify.manager', params: { manager_id: 4 } }, { customerId: 'c-1' }, 'manager_not_found'],
    [{ type: 'customer.set_status', params: { status: 'gold' } }, { customerId: 'c-1' }, 'status_not_found'],
    [{ type: 'customer.set_risk_level', params: { risk_level: 1 } }, { customerId: null }, 'customer_not_linked'],
  ])('R-079 fail for good when they cannot be had: %j', async (action, more, code) => {
    const { record } = await carryOut([action, { type: 'notify.manager', params: {} }], more);
    expect(record).toMatchObject({
      status: 'failed',
      error: { code, action: 'action-0' },
      actions: [{ status: 'failed', attempts: 1, error: { code } }, { status: 'not_run' }],
    });
  });
});

describe('the topic of lifecycle events', () => {
  it('R-311 R-312 R-321 R-338 holds the two events of a run, under its key, as their contract says', async () => {
    const { input, record } = await carryOut([{ type: 'notify.manager', params: { manager_id: 1 } }], {
      context: { brand: 'acme', event: { amount: 5, password: 'hunter2-hunter2' } },
    });
    const own = await readTopic(kafka, lifecycleTopic, input.executionId, 2);
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
