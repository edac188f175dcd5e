import type { Config } from '#libs/config/config.ts';
import { createNestApp } from '#libs/bootstrap/nest-app.ts';
import type { AppContext } from '#libs/bootstrap/run-app.ts';
import { installTemporalRuntime } from '#temporal/worker/temporal-runtime.ts';
import { DeliveryModule } from './delivery.module.ts';

/** Resolves when the process answers its operators; events follow as soon as the servers it needs are there. */
export async function startDelivery(context: AppContext<Config>): Promise<{ close(): Promise<void>; url: string }> {
  const { config, log } = context;
  const extraMetrics = await installTemporalRuntime(log);
  const app = await createNestApp({ imports: [DeliveryModule.register(context, extraMetrics)] }, log);
  await app.listen(config.delivery.port, config.process.bindAddress);
  const url = await app.getUrl();
  log.info({ url, brokers: config.kafka.brokers, group: config.delivery.groupId }, 'listening');
  return { close: () => app.close(), url };
}
