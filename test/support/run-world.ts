/** Runs with real activities on the real servers, whose workers a test may delay, stop and replace. */
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { vi } from 'vitest';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { Connection } from 'mongoose';
import type { RuleAction } from '#libs/domain/rules/rule.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { RunOutcome } from '#libs/domain/runs/run-completion.ts';
import type { RunInput, RunRecord } from '#libs/domain/runs/run.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { createBatchingProducer, type BatchingProducer } from '#libs/kafka/producer.ts';
import { ensureTopics, topicName } from '#libs/kafka/topics.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { createBulkOperations } from '#libs/store/runs/bulk-operation.repository.ts';
import { createClosedRunStore } from '#libs/store/runs/closed-run.repository.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createRetryStore } from '#libs/store/runs/retry.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { createRunRecorder } from '#libs/store/runs/run-recorder.ts';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { closedRuns, readRetention, readRunState } from '#temporal/activities/scheduled/closed-runs.ts';
import { createLocalActivities, type LocalPorts } from '#temporal/activities/create-activities.ts';
import { runContextReader } from '#temporal/activities/run/run-context.ts';
import { recordRunActivity } from '#temporal/activities/run/record-run.activity.ts';
import { reconcileActivity, type ReconcilePorts } from '#temporal/activities/scheduled/reconcile.activity.ts';
import { createBulkStarter } from '#temporal/client/bulk-starter.ts';
import { createRestart } from '#temporal/client/restart.ts';
import { createRunStarter } from '#temporal/client/run-starter.ts';
import type { LocalActivities } from '#temporal/contract/activities.ts';
import { runRuleWorkflow } from '#temporal/contract/names.ts';
import { Recording } from '../workflow/recording-activities.ts';
import { runInput, workflowBundle } from '../workflow/run-harness.ts';
import { readTopicUntil, type ReadMessage } from './read-topic.ts';
import { createLocalPorts } from '../../apps/worker/local-ports.ts';
import { runRecord } from './runs.ts';
import { servers, uniqueName } from './servers.ts';
import { openTestStore, type TestStore } from './store.ts';
import { connectTemporal, type TestTemporal } from './temporal.ts';

/** An event as it is on the topic. */
export interface Published {
  sequence: string;
  id: string;
  type: string;
  /** The whole message. */
  text: string;
}

/** Of the topics of every world of a test file. */
export const topicSettings = {
  topicPrefix: `${uniqueName('runs')}.`,
  partitions: 1,
  replication: 1,
};

export class RunWorld {
  readonly temporal: TestTemporal;
  readonly store: Connection;
  readonly storeUri: string;
  readonly ports: LocalPorts;
  /** As the metrics of a worker are told. */
  readonly ended: [string, RunOutcome][] = [];
  readonly taskQueue = uniqueName('runs');
  readonly #testStore: TestStore;
  readonly #producer: BatchingProducer;

  private constructor(temporal: TestTemporal, store: TestStore, producer: BatchingProducer) {
    this.temporal = temporal;
    this.#testStore = store;
    this.store = store.connection;
    this.storeUri = store.uri;
    this.#producer = producer;
    const ended = (executionId: string, outcome: RunOutcome): void => void this.ended.push([executionId, outcome]);
    const localPorts = createLocalPorts(this.store, this.#producer, topicSettings);
    this.ports = { ...localPorts, runContext: runContextReader(temporal.client, localPorts.runData), ended };
  }

  static async create(): Promise<RunWorld> {
    const store = await openTestStore();
    await ensureIndexes(store.connection);
    const kafka = createKafka({ brokers: servers().kafka, tls: false }, createLogger('test', 'silent'));
    await withAdmin(kafka, (admin) => ensureTopics(admin, topicSettings));
    const world = new RunWorld(await connectTemporal(), store, createBatchingProducer(kafka));
    const managers = [{ id: 1, name: 'Ada', enabled: true }];
    await createDirectory(world.store).load({ managers, customers: [{ id: 'c-1' }] });
    return world;
  }

  async close(): Promise<void> {
    await this.#producer.stop();
    await this.temporal.close();
    await this.#testStore.drop();
  }

  activities(): LocalActivities {
    return createLocalActivities(this.ports);
  }

  async worker(
    activities: object = this.activities(),
    taskQueue = this.taskQueue,
    connection = this.temporal.native,
    more: Partial<WorkerOptions> = {},
  ): Promise<Worker> {
    return Worker.create({
      ...more,
      connection,
      taskQueue,
      activities,
      sinks: new Recording().sinks,
      workflowBundle: workflowBundle(),
      shutdownForceTime: '1s',
    });
  }

  /** Claims a run as the ingress does, and decides it. @returns what starts it */
  async claim(actions: RuleAction[], record: Partial<RunRecord> = {}, more: Partial<RunInput> = {}): Promise<RunInput> {
    const event = uniqueName('evt');
    const base = runInput(actions, more);
    const input = { ...base, executionId: `${base.rule.id}:${event}`, event: { ...base.event, id: event } };
    const ledger = createRunLedger(this.store);
    const decidedAt = record.claimed_at ?? new Date().toISOString();
    await ledger.decide([
      { eventKey: event, eventId: event, fingerprint: event, decidedAt, runs: [input], skipped: [] },
    ]);
    const names = { run_id: input.executionId, rule_id: input.rule.id, event_id: event, brand: 'acme' };
    await ledger.claim([runRecord({ ...names, claimed_at: decidedAt, ...record })]);
    return input;
  }

  /** @param workflowTaskTimeout after which the server hands a workflow task out again */
  start(
    input: RunInput,
    workflowTaskTimeout: '10s' | '2s' = '10s',
    taskQueue = this.taskQueue,
  ): Promise<WorkflowHandleWithFirstExecutionRunId> {
    const { client } = this.temporal;
    const workflowId = input.executionId;
    return client.workflow.start(runRuleWorkflow, { taskQueue, workflowId, args: [input], workflowTaskTimeout });
  }

  async record({ executionId }: RunInput): Promise<RunRecord> {
    const record = await createRunRecords(this.store).get(executionId);
    if (record === null) throw new Error(`no record of ${executionId}`);
    return record;
  }

  /** The run's events so far, in their order, with every repetition. */
  async published({ executionId }: RunInput): Promise<Published[]> {
    return toPublished((await this.read(topics.lifecycle)).filter(({ key }) => key === executionId));
  }

  /** Everything on it so far. @param topic logical name */
  async read(topic: string): Promise<ReadMessage[]> {
    const name = topicName(topicSettings, topic);
    // Behind everything that was published before.
    const last = uniqueName('until-here');
    await this.#producer.send(name, { key: last, value: '' });
    return readTopicUntil(servers().kafka, name, ({ key }) => key === last);
  }

  /** @param more what a test sees or changes of the reconciler's means */
  reconciler(more: Partial<ReconcilePorts> = {}, taskQueue = this.taskQueue) {
    const { client } = this.temporal;
    const records = createRunRecords(this.store);
    return reconcileActivity({
      records,
      closedRunStore: createClosedRunStore(this.store),
      approvals: this.ports.approvals,
      record: recordRunActivity(this.ports),
      closedRuns: (closedSince) => closedRuns(client, taskQueue, closedSince),
      runState: (executionId) => readRunState(client, executionId),
      retention: () => readRetention(client),
      restart: createRestart({
        retries: createRetryStore(this.store),
        starter: createRunStarter(client.workflow, taskQueue),
        failRun: (executionId, patch) => createRunRecorder(this.store).write(executionId, patch),
      }),
      bulk: {
        operations: createBulkOperations(this.store),
        starter: createBulkStarter(client.workflow, taskQueue, 10_000),
      },
      limits: { overlapMs: 3_600_000, openAfterMs: 300_000, openRuns: 1000 },
      heartbeat: () => undefined,
      warn: () => undefined,
      now: () => new Date(),
      ...more,
    });
  }

  /**
   * Lets it go on as it was when a workflow task of its was executed: the first, unless another is told.
   * @returns Temporal's id of it then
   */
  async reset(handle: WorkflowHandleWithFirstExecutionRunId, number = 1): Promise<string> {
    const task = await vi.waitFor(
      async () => {
        const { events } = await handle.fetchHistory();
        const tasks = events?.filter(({ workflowTaskCompletedEventAttributes: done }) => done != null);
        const done = tasks?.[number - 1];
        if (done === undefined) throw new Error(`${tasks?.length} workflow tasks are done`);
        return done;
      },
      { timeout: 60_000, interval: 100 },
    );
    const { runId } = await this.temporal.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: handle.workflowId, runId: handle.firstExecutionRunId },
      workflowTaskFinishEventId: task.eventId ?? null,
      reason: 'test',
      requestId: uniqueName('reset'),
    });
    return runId;
  }
}

export function toPublished(messages: readonly ReadMessage[]): Published[] {
  return messages.map(({ value: text }) => ({ ...(JSON.parse(text) as Omit<Published, 'text'>), text }));
}

/** Those of one run that differ under one id, end it a second time, or leave a gap in its numbers: there must be none. */
export function conflicts(published: readonly Published[]): string[] {
  const texts = new Map<string, string>();
  const ends = new Set<string>();
  const wrong: string[] = [];
  for (const { id, type, sequence, text } of published) {
    if (!texts.has(id) && Number(sequence) !== texts.size) wrong.push(`number ${texts.size} is missing: ${text}`);
    if ((texts.get(id) ?? text) !== text) wrong.push(text);
    texts.set(id, text);
    if (type === 'WorkflowCompleted' || type === 'WorkflowFailed') ends.add(id);
  }
  return [...wrong, ...[...ends].slice(1)];
}

/** Without repetitions. */
export function typesOf(published: readonly Published[]): string[] {
  return [...new Map(published.map(({ id, type }) => [id, type])).values()];
}
