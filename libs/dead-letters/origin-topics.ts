/** The way back: a message is published again on the topic that it came from, as it was. */
import type { DeadLetterSummary, OriginalMessage } from '#libs/domain/events/dead-letter.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { messageOf, RetryableError } from '#libs/domain/errors/errors.ts';
import type { MessageHeaders } from '#libs/kafka/message.ts';
import { SendError, type KafkaAdmin, type KafkaConnection, type KafkaProducer } from '#libs/kafka/ports.ts';
import { topicName, type TopicSettings } from '#libs/kafka/topics.ts';

/** `refused`: Kafka does not take this message, for certain; `unknown`: it may have taken it. */
export type Published =
  | { outcome: 'sent'; to: { partition: number; offset: string } }
  | { outcome: 'refused'; message: string }
  | { outcome: 'unknown'; message: string };

/** How far the topic of dead letters has come. */
export interface LetterEnds {
  topicId: string;
  /** First offset that comes, by partition. */
  next: Record<string, number>;
}

export class OriginTopics {
  readonly #admin: KafkaAdmin;
  readonly #producer: KafkaProducer;
  readonly #settings: Pick<TopicSettings, 'topicPrefix'>;

  /** Connects when it is used. */
  constructor(kafka: Pick<KafkaConnection, 'admin' | 'producer'>, settings: Pick<TopicSettings, 'topicPrefix'>) {
    this.#admin = kafka.admin({ retries: 0 });
    this.#producer = kafka.producer();
    this.#settings = settings;
  }

  /** Asked before a letter is claimed. @param logical a topic without the prefix. @throws RetryableError `kafka_unavailable` while it cannot be published */
  async check(logical: string): Promise<void> {
    await this.#ask(async () => {
      const topic = topicName(this.#settings, logical);
      // Asking for one by name would make it on a broker that makes what it is asked for.
      if (!(await this.#admin.listTopics()).includes(topic)) throw new Error(`there is no topic ${topic}`);
      if (!(await this.#admin.haveLeaders([topic]))) throw new Error(`topic ${topic} has no leader`);
    });
  }

  /** @throws RetryableError `kafka_unavailable` */
  async readEnds(): Promise<LetterEnds> {
    const topic = topicName(this.#settings, topics.deadLetter);
    return this.#ask(async () => {
      const topicId = (await this.#admin.topicIds([topic])).get(topic) ?? '';
      const ends = await this.#admin.listOffsets(topic);
      return { topicId, next: Object.fromEntries(ends.map(({ partition, latest }) => [partition, Number(latest)])) };
    });
  }

  async publish(origin: DeadLetterSummary['origin'], { key, value, headers }: OriginalMessage): Promise<Published> {
    const topic = topicName(this.#settings, origin.topic);
    const message = { topic, key: toBytes(key), value: toBytes(value), headers: toHeaders(headers) };
    try {
      const [to] = await this.#producer.send([message]);
      return { outcome: 'sent', to: { partition: to?.partition ?? -1, offset: to?.baseOffset ?? '' } };
    } catch (error) {
      const isRefused = error instanceof SendError && error.concerns !== 'cluster';
      return { outcome: isRefused ? 'refused' : 'unknown', message: messageOf(error) };
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#admin.close(), this.#producer.close()]);
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      const message = `Kafka cannot be asked, so nothing was sent: ${messageOf(error)}`;
      throw new RetryableError('kafka_unavailable', message, { cause: error });
    }
  }
}

function toBytes(text: string | null): Buffer | null {
  return text === null ? null : Buffer.from(text, 'base64');
}

function toHeaders(headers: OriginalMessage['headers']): MessageHeaders {
  // Entries become members of their own, also one called __proto__.
  return Object.fromEntries(headers.map(([name, values]) => [name, values.map((one) => Buffer.from(one, 'base64'))]));
}
