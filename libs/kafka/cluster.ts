/** What has to be known and true of a Kafka cluster before signalbox works with it. */
import type { Kafka } from 'kafkajs';
import { RetryableError } from '#libs/domain/errors.ts';
import { ensureTopics, type TopicSettings } from './topics.ts';

export class KafkaCluster {
  readonly #kafka: Kafka;
  readonly #settings: TopicSettings;
  #id: string | null = null;

  constructor(kafka: Kafka, settings: TopicSettings) {
    this.#kafka = kafka;
    this.#settings = settings;
  }

  /** Kafka's own id of the cluster: the same topic name on another one has other messages. */
  get id(): string {
    if (this.#id === null) throw new RetryableError('kafka_unavailable', 'Kafka has not been reached yet');
    return this.#id;
  }

  /** Learns the id and makes the topics that are missing. @throws what kafkajs throws while no broker answers */
  async prepare(): Promise<void> {
    const admin = this.#kafka.admin();
    try {
      await admin.connect();
      this.#id = (await admin.describeCluster()).clusterId;
      await ensureTopics(admin, this.#settings);
    } finally {
      await admin.disconnect();
    }
  }
}
