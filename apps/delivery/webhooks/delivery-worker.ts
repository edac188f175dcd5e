/**
 * The Temporal worker of the delivery process: it makes the attempts at events that wait. While Temporal is away the rest of
 * the process goes on, and says through its health that this part does not.
 */
import { NativeConnection, Worker } from '@temporalio/worker';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RetryPolicy } from '#libs/async/retry.ts';
import type { Config } from '#libs/config/config.ts';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { temporalOptions } from '#temporal/client/connection.ts';
import { deliveryTaskQueue, type DeliveryActivities } from '#temporal/contract/delivery.ts';
import { workflowCode } from '#temporal/worker/workflow-bundle.ts';

export interface DeliveryWorkerOptions {
  config: Pick<Config, 'temporal' | 'process'>;
  activities: DeliveryActivities;
  retryPolicy: Pick<RetryPolicy, 'retryForever'>;
  log: Logger;
}

/** Queues that are worked off at once; each subscription has slots of its own below that. */
const maxActivities = 200;
const maxWorkflowTasks = 20;
const maxCachedWorkflows = 500;
/** Before a worker that ended by itself is followed by another, in milliseconds. */
const restartAfterMs = 1000;

interface Serving {
  connection: NativeConnection;
  worker: Worker;
}

export class DeliveryWorker implements HealthCheck {
  readonly name = 'temporal';
  readonly #options: DeliveryWorkerOptions;
  readonly #ending = new AbortController();
  #serving: Serving | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(options: DeliveryWorkerOptions) {
    this.#options = options;
  }

  /** Does not wait for Temporal. */
  start(): void {
    const { signal } = this.#ending;
    this.#running = this.#run(signal).catch((error: unknown) => {
      if (signal.aborted) return;
      this.#options.log.fatal({ err: error }, 'the worker of deliveries cannot start');
      throw error;
    });
  }

  /** Lets the attempts under way end for a part of the time that the process has, then gives them up: they are made again. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async check(signal: AbortSignal): Promise<void> {
    const { connection, worker } = this.#serving ?? {};
    if (connection === undefined) throw new Error('not reached yet');
    if (worker?.getState() !== 'RUNNING') throw new Error(`the worker of deliveries is ${worker?.getState()}`);
    const { namespace } = this.#options.config.temporal;
    await connection.withAbortSignal(signal, () => connection.workflowService.describeNamespace({ namespace }));
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const serving = await this.#options.retryPolicy.retryForever('Temporal', () => this.#open(), signal);
      this.#serving = serving;
      await this.#serve(serving, signal);
      this.#serving = null;
      await serving.connection.close();
      if (!signal.aborted) await sleep(restartAfterMs, undefined, { signal });
    }
  }

  async #serve({ worker }: Serving, signal: AbortSignal): Promise<void> {
    const shutDown = (): void => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    };
    signal.addEventListener('abort', shutDown, { once: true });
    try {
      const ended = worker.run();
      if (signal.aborted) shutDown();
      await ended;
    } catch (error) {
      this.#options.log.error({ err: error }, 'the worker of deliveries has ended; another one follows');
    } finally {
      signal.removeEventListener('abort', shutDown);
    }
  }

  async #open(): Promise<Serving> {
    const { config } = this.#options;
    const connection = await NativeConnection.connect(temporalOptions(config.temporal));
    try {
      return { connection, worker: await this.#createWorker(connection) };
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  #createWorker(connection: NativeConnection): Promise<Worker> {
    const { config, activities } = this.#options;
    return Worker.create({
      connection,
      namespace: config.temporal.namespace,
      taskQueue: deliveryTaskQueue(config.temporal.taskQueue),
      ...workflowCode(),
      activities,
      maxConcurrentActivityTaskExecutions: maxActivities,
      maxConcurrentWorkflowTaskExecutions: maxWorkflowTasks,
      maxCachedWorkflows,
      workflowThreadPoolSize: 1,
      shutdownGraceTime: Math.floor(config.process.shutdownGraceMs / 4),
    });
  }
}
