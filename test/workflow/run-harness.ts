/** Runs `runRule` on the time-skipping server with activities that only note what they were asked. */
import type { WorkflowHandle } from '@temporalio/client';
import { SearchAttributeType } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker, type WorkflowBundlePath } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import type { RunAction, RunInput, RunPatch } from '#libs/domain/runs/run.ts';
import type { HttpActivities, MailActivities } from '#temporal/contract/activities.ts';
import { mailTaskQueue, runRuleWorkflow, searchAttributes } from '#temporal/contract/names.ts';
import { startTimeSkippingServer } from './time-skipping-server.ts';
import { uniqueName } from '../support/servers.ts';
import { Recording } from './recording-activities.ts';

export interface FinishedRun {
  input: RunInput;
  handle: WorkflowHandle;
  recording: Recording;
  /** What the workflow threw, if it did. */
  error: unknown;
  events: LifecycleDraft[];
  /** The record as it was written last. */
  record: RunPatch | undefined;
  /** Types of the history's events. */
  history: string[];
}

export interface RunOptions {
  input?: Partial<RunInput>;
  recording?: Recording;
  /** Real ones in place of those that only note what they were asked. */
  httpActivities?: Partial<HttpActivities>;
  mailActivities?: MailActivities;
  /** Done once the run has started; its end is waited for afterwards. */
  meanwhile?: (handle: WorkflowHandle) => Promise<void>;
}

const { IndexedValueType } = temporal.api.enums.v1;

/** The one that workers are deployed with: the global setup has built it. */
export function workflowBundle(): WorkflowBundlePath {
  return { codePath: fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url)) };
}

/** Tests of one environment must run one after the other: skipping time is global to it. */
export async function timeSkippingEnvironment(): Promise<TestWorkflowEnvironment> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const server = await startTimeSkippingServer();
  // The public way to a server that runs already gives an environment that skips no time.
  const environment = await TestWorkflowEnvironment['create']({
    server: { type: 'existing' },
    address: server.address,
    supportsTimeSkipping: true,
  });
  const teardown = environment.teardown.bind(environment);
  environment.teardown = async () => {
    await teardown();
    await server.stop();
  };
  // An attribute the server does not know fails the workflow task, for ever.
  const { KEYWORD, INT } = SearchAttributeType;
  const types = {
    [KEYWORD]: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    [INT]: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  };
  await environment.connection.operatorService.addSearchAttributes({
    namespace: environment.namespace ?? 'default',
    searchAttributes: Object.fromEntries(Object.values(searchAttributes).map(({ name, type }) => [name, types[type]])),
  });
  return environment;
}

export function runInput(actions: RunAction[], more: Partial<RunInput> = {}): RunInput {
  const ruleId = uniqueName('rule');
  return {
    executionId: `${ruleId}:evt-1`,
    rule: { id: ruleId, name: 'Big deposit', version: 3, priority: 10, actions },
    tenant: 'acme',
    event: {
      id: 'evt-1',
      trigger: 'customer.deposited',
      topic: 'crm.events',
      occurredAt: '2026-01-05T10:00:00.000Z',
      causation: [],
    },
    login: 1001,
    customerId: 'c-1',
    context: { brand: 'acme', event: { amount: 12_000 } },
    triggeredBy: 'system',
    ...more,
  };
}

/** Carries the actions out with workers of their own and waits until the run has ended, one way or the other. */
export async function executeRun(
  environment: TestWorkflowEnvironment,
  actions: RunAction[],
  { input: more, recording = new Recording(), httpActivities, mailActivities, meanwhile }: RunOptions = {},
): Promise<FinishedRun> {
  const input = runInput(actions, more);
  const taskQueue = uniqueName('runs');
  recording.client = environment.client;
  const { sinks, activities, mailActivities: noted } = recording;
  const { nativeConnection: connection } = environment;
  const runs = await Worker.create({
    connection,
    taskQueue,
    activities: { ...activities, ...httpActivities },
    workflowBundle: workflowBundle(),
    sinks,
  });
  const mails = await Worker.create({
    connection,
    taskQueue: mailTaskQueue(taskQueue),
    activities: { ...noted, ...mailActivities },
  });

  const started = async (): Promise<FinishedRun> => {
    const handle = await environment.client.workflow.start(runRuleWorkflow, {
      taskQueue,
      workflowId: input.executionId,
      args: [input],
    });
    await meanwhile?.(handle);
    const error: unknown = await handle.result().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const history = await handle.fetchHistory();
    return {
      input,
      handle,
      recording,
      error,
      events: recording.records.flatMap(({ events }) => events),
      record: recording.records.findLast(({ run }) => run !== null)?.run ?? undefined,
      history: (history.events ?? []).map(({ eventType }) => temporal.api.enums.v1.EventType[eventType ?? 0] ?? ''),
    };
  };
  return mails.runUntil(runs.runUntil(started));
}
