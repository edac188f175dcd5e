/**
 * The Temporal workers of a process. Runs, their own writes and their calls to other systems come over one task queue,
 * so that the server can hand a call out with the answer that asked for it; each kind has slots of its own, so a slow
 * receiver holds back nothing but other calls. Mails come over a queue of their own, since a mail server may be slow for
 * long, and so do backtests and bulk operations.
 */
import { Worker, type InjectedSinks, type NativeConnection } from '@temporalio/worker';
import type { Config } from '#libs/config/config.ts';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import type {
  HttpActivities,
  LocalActivities,
  MailActivities,
  MaintenanceActivities,
} from '#temporal/contract/activities.ts';
import type { BacktestActivities } from '#temporal/contract/backtest.ts';
import type { BulkActivities } from '#temporal/contract/bulk.ts';
import { backtestTaskQueue, bulkTaskQueue, mailTaskQueue } from '#temporal/contract/names.ts';
import type { RunSinks } from '#temporal/contract/sinks.ts';
import { workflowCode } from '#temporal/worker/workflow-bundle.ts';

export interface WorkerParts {
  config: Config;
  connection: NativeConnection;
  activities: LocalActivities & HttpActivities & MaintenanceActivities;
  mailActivities: MailActivities;
  backtestActivities: BacktestActivities;
  bulkActivities: BulkActivities;
  sinks: InjectedSinks<RunSinks>;
}

export interface RunningWorkers extends HealthCheck {
  /** Rejects when a worker gave up; resolves when all have drained after `stop`. */
  ended: Promise<void>;
  /** Takes no more tasks and lets those under way end. */
  stop(): Promise<void>;
}

/** @throws what the SDK throws when the namespace does not exist or the workflows cannot be loaded */
export async function startTemporalWorkers(parts: WorkerParts): Promise<RunningWorkers> {
  const workers = [
    await createRunWorker(parts),
    await createMailWorker(parts),
    await createBacktestWorker(parts),
    await createBulkWorker(parts),
  ];
  const stop = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) => worker.run());
  // One of them alone would leave runs half executed: they end together.
  for (const run of runs) run.catch(stop);
  const ended = Promise.all(runs).then(() => undefined);
  return {
    name: 'workers',
    ended,
    check: async () => {
      const stopped = workers.find((worker) => worker.getState() !== 'RUNNING');
      if (stopped !== undefined) throw new Error(`the worker of ${stopped.options.taskQueue} is ${stopped.getState()}`);
      await Promise.resolve();
    },
    stop: () => {
      stop();
      return ended;
    },
  };
}

function createRunWorker({ config, connection, activities, sinks }: WorkerParts): Promise<Worker> {
  const tasks = Math.max(2, config.worker.maxWorkflowTasks);
  return Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: config.temporal.taskQueue,
    ...workflowCode(),
    activities,
    sinks,
    maxConcurrentWorkflowTaskExecutions: tasks,
    maxConcurrentWorkflowTaskPolls: Math.max(2, Math.floor(tasks / 4)),
    // Most tasks are first ones, of new runs: they come over the queue that is not sticky.
    nonStickyToStickyPollRatio: 0.6,
    maxConcurrentLocalActivityExecutions: config.worker.maxActivities,
    maxConcurrentActivityTaskExecutions: config.worker.maxHttpActivities,
    // Most calls need no poll: they come with the answer to the workflow task that asked for them.
    maxConcurrentActivityTaskPolls: Math.min(5, config.worker.maxHttpActivities),
    maxCachedWorkflows: 1000,
    shutdownGraceTime: toGrace(config),
  });
}

function createMailWorker(parts: WorkerParts): Promise<Worker> {
  const { temporal, worker } = parts.config;
  return createActivityWorker(parts, mailTaskQueue(temporal.taskQueue), parts.mailActivities, worker.maxMailActivities);
}

/** They take turns: a backtest takes a whole core, which runs need more. */
function createBacktestWorker(parts: WorkerParts): Promise<Worker> {
  const taskQueue = backtestTaskQueue(parts.config.temporal.taskQueue);
  return createActivityWorker(parts, taskQueue, parts.backtestActivities, 1);
}

/** Operations under way at once share the rate; a small one does not wait for the end of a large one. */
function createBulkWorker(parts: WorkerParts): Promise<Worker> {
  return createActivityWorker(parts, bulkTaskQueue(parts.config.temporal.taskQueue), parts.bulkActivities, 4);
}

/** @param most activities under way at once */
function createActivityWorker(
  { config, connection }: WorkerParts,
  taskQueue: string,
  activities: object,
  most: number,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue,
    activities,
    maxConcurrentActivityTaskExecutions: most,
    maxConcurrentActivityTaskPolls: Math.min(2, most),
    shutdownGraceTime: toGrace(config),
  });
}

/** Steps under way get most of the time the process has to end; the rest is for closing connections. */
function toGrace({ process: { shutdownGraceMs } }: Config): number {
  return Math.floor(shutdownGraceMs * 0.75);
}
