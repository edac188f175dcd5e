/** The connection to Kafka: addresses, credentials and log of the kafkajs client, the same for every process. */
import { Kafka, logLevel, type KafkaConfig, type logCreator, type SASLOptions } from 'kafkajs';
import type { Logger } from '#libs/telemetry/logger.ts';
import { limitInflating } from './records/fetched-records.ts';

/** The part of the configuration that Kafka needs; the names are those of the environment. */
export interface KafkaSettings {
  KAFKA_BROKERS: string[];
  KAFKA_TLS: boolean;
  KAFKA_SASL_MECHANISM?: 'plain' | 'scram-sha-256' | 'scram-sha-512' | undefined;
  KAFKA_USERNAME?: string | undefined;
  KAFKA_PASSWORD?: string | undefined;
  /** The same for all consumers of a process: what was said last. */
  KAFKA_MAX_INFLATED_BYTES?: number | undefined;
}

/** Where nothing is said. */
const defaultMaxInflatedBytes = 33_554_432;

/** Does not connect: consumers, producers and admins made from it do. */
export function createKafka(settings: KafkaSettings, log: Logger): Kafka {
  limitInflating(settings.KAFKA_MAX_INFLATED_BYTES ?? defaultMaxInflatedBytes);
  const sasl = credentials(settings);
  const options: KafkaConfig = {
    clientId: 'signalbox',
    brokers: settings.KAFKA_BROKERS,
    ssl: settings.KAFKA_TLS,
    connectionTimeout: 3000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 5000, retries: 5 },
    logLevel: log.isLevelEnabled('debug') ? logLevel.INFO : logLevel.NOTHING,
    logCreator: pinoBridge(log),
  };
  return new Kafka(sasl === undefined ? options : { ...options, sasl });
}

function credentials({
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_USERNAME: username = '',
  KAFKA_PASSWORD: password = '',
}: KafkaSettings): SASLOptions | undefined {
  return mechanism === undefined ? undefined : { mechanism, username, password };
}

/** Fields of kafkajs that help and cannot hold a secret. */
const kept = ['broker', 'groupId', 'topic', 'partition', 'error', 'retryCount', 'retryTime', 'duration'] as const;

/**
 * Everything kafkajs says becomes `debug`: each of its failures also reaches the code that called it, and that code
 * logs the fact once instead of once a retry.
 */
function pinoBridge(log: Logger): logCreator {
  return () =>
    ({ namespace, label, log: entry }) => {
      const fields: Record<string, unknown> = { kafkajs: namespace, level_kafkajs: label };
      for (const name of kept) {
        if (entry[name] !== undefined) fields[name] = entry[name];
      }
      log.debug(fields, entry.message);
    };
}
