/** One Prometheus registry a process; nothing registers with prom-client's global one. */
import { collectDefaultMetrics, Registry } from 'prom-client';

/** @param app name of the process, on every series as label `app` */
export function createMetrics(app: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  return registry;
}
