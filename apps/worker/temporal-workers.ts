/** The two Temporal workers of a process: one carries out runs, the other calls other systems for them. */
import { Worker, type InjectedSinks, type NativeConnection } from '@temporalio/worker';
import type { Config } from '#libs/config/config.ts';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import type { HttpActivities, LocalActivities, MaintenanceActivities } from '#temporal/contract/activities.ts';
import { httpTaskQueue } from '#temporal/contract/names.ts';
import type { RunSinks } from '#temporal/contract/sinks.ts';
import { workflowCode } from './workflow-code.ts';

export interface WorkerParts {
  config: Config;
  connection: NativeConnection;
  runActivities: LocalActivities & MaintenanceActivities;
  httpActivities: HttpActivities;
  sinks: InjectedSinks<RunSinks>;
}

export interface RunningWorkers extends HealthCheck {
  /** Rejects when a worker gave up; resolves when both have drained after `stop`. */
  ended: Promise<void>;
  /** Takes no more tasks and lets those under way end. */
  stop(): Promise<void>;
}

/** @throws what the SDK throws when the namespace does not exist or the workflows cannot be loaded */
export async function startTemporalWorkers(parts: WorkerParts): Promise<RunningWorkers> {
  const workers = [await createRunWorker(parts), await createHttpWorker(parts)];
  const stop = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) => worker.run());
  // One of them alone would leave runs half carried out: they end together.
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

function createRunWorker({ config, connection, runActivities, sinks }: WorkerParts): Promise<Worker> {
  const tasks = Math.max(2, config.WORKER_MAX_WORKFLOW_TASKS);
  return Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: config.TEMPORAL_TASK_QUEUE,
    ...workflowCode(),
    activities: runActivities,
    sinks,
    maxConcurrentWorkflowTaskExecutions: tasks,
    maxConcurrentWorkflowTaskPolls: Math.max(2, Math.floor(tasks / 4)),
    // Most tasks are first ones, of new runs: they come over the queue that is not sticky.
    nonStickyToStickyPollRatio: 0.6,
    maxConcurrentLocalActivityExecutions: config.WORKER_MAX_ACTIVITIES,
    // Only the reconciler comes as a regular activity, once in a while.
    maxConcurrentActivityTaskExecutions: 2,
    maxConcurrentActivityTaskPolls: 1,
    maxCachedWorkflows: 1000,
    shutdownGraceTime: graceOf(config),
  });
}

function createHttpWorker({ config, connection, httpActivities }: WorkerParts): Promise<Worker> {
  return Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: httpTaskQueue(config.TEMPORAL_TASK_QUEUE),
    activities: httpActivities,
    maxConcurrentActivityTaskExecutions: config.WORKER_MAX_HTTP_ACTIVITIES,
    maxConcurrentActivityTaskPolls: Math.min(10, config.WORKER_MAX_HTTP_ACTIVITIES),
    shutdownGraceTime: graceOf(config),
  });
}

/** Steps under way get most of the time the process has to end; the rest is for closing connections. */
function graceOf({ SHUTDOWN_GRACE_MS }: Config): number {
  return Math.floor(SHUTDOWN_GRACE_MS * 0.75);
}
