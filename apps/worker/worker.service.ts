/** The work of the process: it waits for its servers, then lets the Temporal workers run until the process ends. */
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Client } from '@temporalio/client';
import type { AppContext } from '#libs/bootstrap/run-app.ts';
import type { Config } from '#libs/config/config.ts';
import { createActivities } from './activities.ts';
import { Closers } from './closers.ts';
import { connectAll } from './connections.ts';
import { ensureSchedules } from './schedules.ts';
import { startTemporalWorkers } from './temporal-workers.ts';
import { WorkerHealth } from './worker.health.ts';
import { createReportSinks } from './workflow-sinks.ts';

export const workerContext = Symbol('context of the process');

@Injectable()
export class WorkerService implements BeforeApplicationShutdown {
  readonly #closers = new Closers();

  constructor(
    @Inject(workerContext) private readonly context: AppContext<Config>,
    private readonly health: WorkerHealth,
  ) {}

  /** Resolves when the Temporal workers run. @throws what connecting and starting throw */
  async start(): Promise<void> {
    const { config, log, registry, stopping } = this.context;
    const connections = await connectAll(this.context, this.health, this.#closers);
    const client = new Client({ connection: connections.temporal, namespace: config.temporal.namespace });
    const activities = createActivities(this.context, connections, client, this.#closers);
    await ensureSchedules(client, config.temporal.taskQueue, config.detectors);
    const parts = { config, connection: connections.temporal, sinks: createReportSinks(log, registry) };
    const workers = await startTemporalWorkers({ ...parts, ...activities });
    this.#closers.add(() => workers.stop());
    this.health.workers.become((signal) => workers.check(signal));
    // A process whose workers gave up is of no use: thrown here, the error ends it.
    void workers.ended.then(() => {
      if (!stopping.aborted) throw new Error('the Temporal workers ended by themselves');
    });
  }

  /** Health is answered until the last activity has ended. */
  beforeApplicationShutdown(): Promise<void> {
    return this.#closers.close();
  }
}
