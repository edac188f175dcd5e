/** The topics of a subscriber. They are signalbox's: a subscriber looks at them and makes none. */
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { KafkaConnection } from '#libs/kafka/ports.ts';
import { missingTopics, missingTopicsError, topicName, type TopicSettings } from '#libs/kafka/topics.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';

export class LifecycleTopics {
  readonly #kafka: Pick<KafkaConnection, 'admin'>;
  readonly #settings: Pick<TopicSettings, 'topicPrefix'>;
  #id: string | null = null;

  constructor(kafka: Pick<KafkaConnection, 'admin'>, settings: Pick<TopicSettings, 'topicPrefix'>) {
    this.#kafka = kafka;
    this.#settings = settings;
  }

  /** @throws RetryableError `topics_missing`, and what the client throws while no broker answers */
  async prepare(): Promise<void> {
    await withAdmin(this.#kafka, async (admin) => {
      const wanted = [topics.lifecycle, topics.lifecycleDeadLetter];
      const missing = await missingTopics(admin, this.#settings, wanted);
      if (missing.length > 0) throw missingTopicsError(missing);
    });
    this.#id = await this.#readId();
  }

  /** Passes while no broker answers. @throws RetryableError `topic_recreated` */
  async verify(): Promise<void> {
    const id = await this.#readId().catch(() => null);
    if (id === null || id === this.#id) return;
    throw new RetryableError('topic_recreated', `topic ${this.#topic} was made anew: its offsets begin again`);
  }

  get #topic(): string {
    return topicName(this.#settings, topics.lifecycle);
  }

  async #readId(): Promise<string | null> {
    return withAdmin(this.#kafka, async (admin) => (await admin.topicIds([this.#topic])).get(this.#topic) ?? null);
  }
}
