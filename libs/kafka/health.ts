import type { HealthCheck } from '#libs/telemetry/health.ts';
import type { KafkaConnection } from './ports.ts';
import { missingTopics, missingTopicsError, type TopicSettings } from './topics.ts';

/**
 * Asks a broker for the topics there are, over a connection of its own; `close` gives the connection back. Passes when
 * those of signalbox are among them.
 */
export function kafkaCheck(
  kafka: Pick<KafkaConnection, 'admin'>,
  settings: Pick<TopicSettings, 'topicPrefix'>,
): HealthCheck & { close(): Promise<void> } {
  // A probe has a deadline of its own: it must not sit in the client's retries.
  const admin = kafka.admin({ retries: 0 });
  return {
    name: 'kafka',
    async check(): Promise<void> {
      const missing = await missingTopics(admin, settings);
      if (missing.length > 0) throw missingTopicsError(missing);
    },
    close: () => admin.close(),
  };
}
