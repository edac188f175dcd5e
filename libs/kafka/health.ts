import type { Admin, Kafka } from 'kafkajs';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import { missingTopics, missingTopicsError, type TopicSettings } from './topics.ts';

/**
 * Asks a broker for the topics there are, over a connection of its own; `close` gives the connection back. Passes when
 * those of signalbox are among them.
 */
export function kafkaCheck(
  kafka: Kafka,
  settings: Pick<TopicSettings, 'KAFKA_TOPIC_PREFIX'>,
): HealthCheck & { close(): Promise<void> } {
  // A probe has a deadline of its own: it must not sit in kafkajs's retries.
  const admin: Admin = kafka.admin({ retry: { retries: 0 } });
  let connected = false;
  return {
    name: 'kafka',
    async check(): Promise<void> {
      let missing: string[];
      try {
        if (!connected) await admin.connect();
        connected = true;
        missing = await missingTopics(admin, settings);
      } catch (error) {
        connected = false;
        await admin.disconnect();
        throw error;
      }
      if (missing.length > 0) throw missingTopicsError(missing);
    },
    close: () => admin.disconnect(),
  };
}
