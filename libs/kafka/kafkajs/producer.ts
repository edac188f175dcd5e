import type { Kafka, Producer } from 'kafkajs';
import { messageOf } from '#libs/domain/errors/errors.ts';
import { SendError, type KafkaProducer, type RecordMetadata, type TopicMessage } from '../ports.ts';
import { LazyClient } from './lazy-client.ts';

/**
 * An idempotent producer of kafkajs numbers its messages anew after a failure; a broker that did receive the failed ones
 * would take others under the same numbers for repetitions and drop them. A new producer has numbers of its own.
 */
export class KafkajsProducer implements KafkaProducer {
  readonly #client: LazyClient<Producer>;

  constructor(kafka: Kafka) {
    this.#client = new LazyClient(() =>
      kafka.producer({
        idempotent: true,
        allowAutoTopicCreation: false,
        retry: { initialRetryTime: 50, maxRetryTime: 1000, retries: 5 },
      }),
    );
  }

  async send(messages: readonly TopicMessage[]): Promise<RecordMetadata[]> {
    const byTopic = new Map<string, TopicMessage[]>();
    for (const message of messages) {
      const others = byTopic.get(message.topic);
      if (others === undefined) byTopic.set(message.topic, [message]);
      else others.push(message);
    }
    const topicMessages = Array.from(byTopic, ([topic, all]) => ({ topic, messages: all }));
    try {
      const sent = await this.#client.use((producer) => producer.sendBatch({ acks: -1, topicMessages }));
      return sent.map(({ topicName, partition, baseOffset = '-1' }) => ({ topic: topicName, partition, baseOffset }));
    } catch (error) {
      throw new SendError(toConcern(error), messageOf(error), { cause: error });
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

/** What the broker refuses because of what it holds; it gives the answer as `type`. */
const refusals = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'CORRUPT_MESSAGE']);

/** kafkajs wraps what it has retried, and throws a TypeError at what it cannot write, such as a header without a value. */
export function toConcern(error: unknown): SendError['concerns'] {
  let isRefused = false;
  let isRetried = false;
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof TypeError || at instanceof RangeError) return 'content';
    if ('type' in at && typeof at.type === 'string' && refusals.has(at.type)) return 'content';
    if (at.name === 'KafkaJSNumberOfRetriesExceeded') isRetried = true;
    if (at.name === 'KafkaJSProtocolError') isRefused ||= !isRetried && !('retriable' in at && at.retriable === true);
  }
  return isRefused ? 'messages' : 'cluster';
}
