/** Kafka by kafkajs: addresses, credentials and log of the client, the same for every process. */
import { Kafka, logLevel, type KafkaConfig, type logCreator, type SASLOptions } from 'kafkajs';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { ConsumerOptions, KafkaConnection, KafkaSettings, RangeReading } from '../ports.ts';
import { KafkajsAdmin } from './admin.ts';
import { KafkajsConsumer } from './consumer.ts';
import { KafkajsProducer } from './producer.ts';
import { readRanges } from './read-ranges.ts';
import { limitInflating } from './records/fetched-records.ts';

/** Where nothing is said. */
const defaultMaxInflatedBytes = 33_554_432;

export class KafkajsConnection implements KafkaConnection {
  readonly #kafka: Kafka;
  readonly #log: Logger;

  constructor(settings: KafkaSettings, log: Logger) {
    limitInflating(settings.maxInflatedBytes ?? defaultMaxInflatedBytes);
    this.#kafka = new Kafka(toKafkaConfig(settings, log));
    this.#log = log;
  }

  admin(options?: { retries: number }): KafkajsAdmin {
    return new KafkajsAdmin(this.#kafka, options);
  }

  producer(): KafkajsProducer {
    return new KafkajsProducer(this.#kafka);
  }

  consumer(options: ConsumerOptions): KafkajsConsumer {
    return new KafkajsConsumer(this.#kafka, options, this.#log);
  }

  readRanges(reading: RangeReading): Promise<void> {
    return readRanges(this.#kafka, reading);
  }
}

function toKafkaConfig(settings: KafkaSettings, log: Logger): KafkaConfig {
  const sasl = credentials(settings);
  const options: KafkaConfig = {
    clientId: 'signalbox',
    brokers: settings.brokers,
    ssl: settings.tls,
    connectionTimeout: 3000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 5000, retries: 5 },
    logLevel: log.isLevelEnabled('debug') ? logLevel.INFO : logLevel.NOTHING,
    logCreator: pinoBridge(log),
  };
  return sasl === undefined ? options : { ...options, sasl };
}

function credentials({
  saslMechanism: mechanism,
  username = '',
  password = '',
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
