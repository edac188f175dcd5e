import type { Admin, Kafka } from 'kafkajs';
import type { HealthCheck } from '#libs/telemetry/health.ts';

/** Asks a broker for the cluster's metadata over a connection of its own; `close` gives the connection back. */
export function kafkaCheck(kafka: Kafka): HealthCheck & { close(): Promise<void> } {
  // A probe has a deadline of its own: it must not sit in kafkajs's retries.
  const admin: Admin = kafka.admin({ retry: { retries: 0 } });
  let connected = false;
  return {
    name: 'kafka',
    async check(): Promise<void> {
      try {
        if (!connected) await admin.connect();
        connected = true;
        await admin.describeCluster();
      } catch (error) {
        connected = false;
        await admin.disconnect();
        throw error;
      }
    },
    close: () => admin.disconnect(),
  };
}
