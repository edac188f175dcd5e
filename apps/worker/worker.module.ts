/** The worker process: health and metrics, and the service that does its work. */
import { Module, type DynamicModule } from '@nestjs/common';
import { OperationsModule } from '#libs/bootstrap/health.module.ts';
import type { AppContext } from '#libs/bootstrap/run-app.ts';
import type { Config } from '#libs/config/config.ts';
import { WorkerHealth } from './worker.health.ts';
import { workerContext, WorkerService } from './worker.service.ts';

@Module({})
export class WorkerModule {
  /** @param extraMetrics of the Temporal SDK */
  static register(context: AppContext<Config>, extraMetrics: () => Promise<string>): DynamicModule {
    const { registry, log, stopping } = context;
    const health = new WorkerHealth();
    return {
      module: WorkerModule,
      imports: [OperationsModule.register({ checks: health.all, registry, log, extraMetrics, stopping })],
      providers: [
        { provide: workerContext, useValue: context },
        { provide: WorkerHealth, useValue: health },
        WorkerService,
      ],
    };
  }
}
