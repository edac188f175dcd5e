/**
 * The Temporal worker of a process. Runs, their own writes and their calls to other systems come over one task queue,
 * so that the server can hand a call out with the answer that asked for it; each kind has slots of its own, so a slow
 * receiver holds back nothing but other calls.
 */
import { Worker, type InjectedSinks, type NativeConnection } from '@temporalio/worker';
import type { Config } from '#libs/config/config.ts';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import type { HttpActivities, LocalActivities, MaintenanceActivities } from '#temporal/contract/activities.ts';
import type { RunSinks } from '#temporal/contract/sinks.ts';
import { workflowCode } from './workflow-code.ts';

export interface WorkerParts {
  config: Config;
  connection: NativeConnection;
  activities: LocalActivities & HttpActivities & MaintenanceActivities;
  sinks: InjectedSinks<RunSinks>;
}

export interface RunningWorker extends HealthCheck {
  /** Rejects when the worker gave up; resolves when it has drained after `stop`. */
  ended: Promise<void>;
  /** Takes no more tasks and lets those under way end. */
  stop(): Promise<void>;
}

/** @throws what the SDK throws when the namespace does not exist or the workflows cannot be loaded */
export async function startTemporalWorker(parts: WorkerParts): Promise<RunningWorker> {
  const worker = await createWorker(parts);
  const ended = worker.run();
  return {
    name: 'workers',
    ended,
    check: async () => {
      if (worker.getState() !== 'RUNNING') {
        throw new Error(`the worker of ${worker.options.taskQueue} is ${worker.getState()}`);
      }
      await Promise.resolve();
    },
    stop: () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      return ended;
    },
  };
}

function createWorker({ config, connection, activities, sinks }: WorkerParts): Promise<Worker> {
  const tasks = Math.max(2, config.WORKER_MAX_WORKFLOW_TASKS);
  return Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: config.TEMPORAL_TASK_QUEUE,
    ...workflowCode(),
    activities,
    sinks,
    maxConcurrentWorkflowTaskExecutions: tasks,
    maxConcurrentWorkflowTaskPolls: Math.max(2, Math.floor(tasks / 4)),
    // Most tasks are first ones, of new runs: they come over the queue that is not sticky.
    nonStickyToStickyPollRatio: 0.6,
    maxConcurrentLocalActivityExecutions: config.WORKER_MAX_ACTIVITIES,
    maxConcurrentActivityTaskExecutions: config.WORKER_MAX_HTTP_ACTIVITIES,
    // Most calls need no poll: they come with the answer to the workflow task that asked for them.
    maxConcurrentActivityTaskPolls: Math.min(5, config.WORKER_MAX_HTTP_ACTIVITIES),
    maxCachedWorkflows: 1000,
    shutdownGraceTime: graceOf(config),
  });
}

/** Steps under way get most of the time the process has to end; the rest is for closing connections. */
function graceOf({ SHUTDOWN_GRACE_MS }: Config): number {
  return Math.floor(SHUTDOWN_GRACE_MS * 0.75);
}
