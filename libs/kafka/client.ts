/** The way to Kafka for every process. Only this file knows which client speaks to the brokers. */
import type { Logger } from '#libs/telemetry/logger.ts';
import { KafkajsConnection } from './kafkajs/connection.ts';
import type { KafkaConnection, KafkaSettings } from './ports.ts';

/** Does not connect: consumers, producers and admins made from it do. */
export function createKafka(settings: KafkaSettings, log: Logger): KafkaConnection {
  return new KafkajsConnection(settings, log);
}
