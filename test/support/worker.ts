/** A real worker in this process, on the topics, store and task queue of an ingress's world. */
import { loadConfig } from '#libs/config/config.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { createMetrics } from '#libs/telemetry/metrics.ts';
import { schedules } from '#temporal/contract/names.ts';
import { startWorker } from '../../apps/worker/worker.app.ts';
import type { Environment, IngressWorld } from './ingress.ts';

/** @returns what ends it and removes its schedules */
export async function startTestWorker(
  { env, temporal }: Pick<IngressWorld, 'env' | 'temporal'>,
  more: Environment = {},
): Promise<() => Promise<void>> {
  const config = loadConfig({ ...env, WORKER_PORT: '0', ...more });
  const stopping = new AbortController();
  const app = await startWorker({
    config,
    log: createLogger('worker', 'silent'),
    registry: createMetrics('worker'),
    stopping: stopping.signal,
  });
  return async () => {
    stopping.abort();
    await app.close();
    for (const { idOf } of schedules) await temporal.schedule.getHandle(idOf(config.temporal.taskQueue)).delete();
  };
}
