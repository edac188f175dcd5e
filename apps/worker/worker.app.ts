/** The worker process: health and metrics first, then its servers, then the Temporal workers. */
import type { Config } from '#libs/config/config.ts';
import { createNestApp } from '#libs/bootstrap/nest-app.ts';
import type { AppContext } from '#libs/bootstrap/run-app.ts';
import { installTemporalRuntime } from '#temporal/worker/temporal-runtime.ts';
import { WorkerModule } from './worker.module.ts';
import { WorkerService } from './worker.service.ts';

/** Resolves when the Temporal workers run. */
export async function startWorker(context: AppContext<Config>): Promise<{ close(): Promise<void> }> {
  const { config, log, stopping } = context;
  const extraMetrics = await installTemporalRuntime(log);
  const app = await createNestApp({ imports: [WorkerModule.register(context, extraMetrics)] }, log);
  try {
    await app.listen(config.worker.port, config.process.bindAddress);
    await app.get(WorkerService).start();
  } catch (error) {
    await app.close();
    if (!stopping.aborted) throw error;
  }
  return app;
}
