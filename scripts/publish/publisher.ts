/** Sends events to the topics that signalbox listens to. */
import type { KafkaConnection } from '#libs/kafka/ports.ts';
import { topicName } from '#libs/kafka/topics.ts';
import type { OutgoingMessage } from './messages.ts';

/** Where Kafka put a message. */
export interface Placed {
  /** The name on the cluster, with the installation's prefix. */
  topic: string;
  partition: number;
  offset: string;
}

export interface Publisher {
  /** Resolves when the brokers have stored it. */
  send(message: OutgoingMessage): Promise<Placed>;
  close(): Promise<void>;
}

/** Connects with the first message. */
export function createPublisher(
  kafka: Pick<KafkaConnection, 'producer'>,
  settings: { topicPrefix: string },
): Publisher {
  const producer = kafka.producer();
  return {
    async send({ topic, key, headers, value }) {
      const name = topicName(settings, topic);
      const [placed] = await producer.send([{ topic: name, key, headers, value: JSON.stringify(value) }]);
      return { topic: name, partition: placed?.partition ?? -1, offset: placed?.baseOffset ?? '?' };
    },
    close: () => producer.close(),
  };
}
