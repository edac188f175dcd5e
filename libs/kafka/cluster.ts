/** What has to be known and true of a Kafka cluster before signalbox works with it. */
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { KafkaConnection } from './ports.ts';
import { ensureTopics, topicName, type TopicSettings } from './topics.ts';
import { withAdmin } from './with-admin.ts';

export class KafkaCluster {
  readonly #kafka: Pick<KafkaConnection, 'admin'>;
  readonly #settings: TopicSettings;
  #id: string | null = null;
  #topicIds: ReadonlyMap<string, string | null> = new Map();

  constructor(kafka: Pick<KafkaConnection, 'admin'>, settings: TopicSettings) {
    this.#kafka = kafka;
    this.#settings = settings;
  }

  /** Kafka's own id of the cluster: the same topic name on another one has other messages. */
  get id(): string {
    if (this.#id === null) throw new RetryableError('kafka_unavailable', 'Kafka has not been reached yet');
    return this.#id;
  }

  /** Kafka's own id of the topic, as `prepare` saw it; null where the broker has none. @param topic full name */
  topicId(topic: string): string | null {
    return this.#topicIds.get(topic) ?? null;
  }

  /**
   * Passes while the topics are those that `prepare` saw, and while no broker answers.
   * @throws RetryableError `topic_recreated` when one of them was deleted and made anew since
   */
  async verifyTopics(): Promise<void> {
    const before = this.#topicIds;
    const now = await this.#idsOf([...before.keys()]).catch(() => null);
    for (const [topic, id] of now ?? []) {
      if (id !== null && before.get(topic) !== id) {
        throw new RetryableError('topic_recreated', `topic ${topic} was made anew: its offsets begin again`);
      }
    }
  }

  /** Learns the ids and makes the topics that are missing. @throws what the client throws while no broker answers */
  async prepare(): Promise<void> {
    await withAdmin(this.#kafka, async (admin) => {
      this.#id = await admin.clusterId();
      await ensureTopics(admin, this.#settings);
    });
    this.#topicIds = await this.#idsOf(Object.values(topics).map((topic) => topicName(this.#settings, topic)));
  }

  #idsOf(names: string[]): Promise<Map<string, string | null>> {
    return withAdmin(this.#kafka, (admin) => admin.topicIds(names));
  }
}
