/** A real worker in this process, on the topics, store and task queue of an ingress's world. */
import type { Config } from '#libs/config/config.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { createMetrics } from '#libs/telemetry/metrics.ts';
import { schedules } from '#temporal/contract/names.ts';
import { startWorker } from '../../apps/worker/worker.app.ts';
import type { IngressWorld } from './ingress.ts';

/** @returns what ends it and removes its schedules */
export async function startTestWorker(
  { config, temporal }: Pick<IngressWorld, 'config' | 'temporal'>,
  more: Partial<Config> = {},
): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  const app = await startWorker({
    config: { ...config, WORKER_PORT: 0, ...more },
    log: createLogger('worker', 'silent'),
    registry: createMetrics('worker'),
    stopping: stopping.signal,
  });
  return async () => {
    stopping.abort();
    await app.close();
    for (const { idOf } of schedules) await temporal.schedule.getHandle(idOf(config.TEMPORAL_TASK_QUEUE)).delete();
  };
}
