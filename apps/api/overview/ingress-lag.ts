/** How far the ingress lies behind, by Kafka itself. */
import { eventTopics } from '#libs/domain/events/platform-event.ts';
import { measureGroupLag, type GroupLag } from '#libs/kafka/group-lag.ts';
import type { KafkaAdmin, KafkaConnection } from '#libs/kafka/ports.ts';
import { missingTopics, missingTopicsError, topicName, type TopicSettings } from '#libs/kafka/topics.ts';

export class IngressLag {
  readonly #admin: KafkaAdmin;
  readonly #settings: Pick<TopicSettings, 'topicPrefix'> & { groupId: string };

  /** Connects with the first question: an API that is asked none needs no Kafka. */
  constructor(
    kafka: Pick<KafkaConnection, 'admin'>,
    settings: Pick<TopicSettings, 'topicPrefix'> & { groupId: string },
  ) {
    this.#admin = kafka.admin({ retries: 0 });
    this.#settings = settings;
  }

  /** @throws RetryableError `topics_missing`, and what the client throws */
  async measure(): Promise<GroupLag> {
    const missing = await missingTopics(this.#admin, this.#settings, eventTopics);
    if (missing.length > 0) throw missingTopicsError(missing);
    const names = eventTopics.map((topic) => topicName(this.#settings, topic));
    return measureGroupLag(this.#admin, this.#settings.groupId, names, Date.now());
  }

  close(): Promise<void> {
    return this.#admin.close();
  }
}
