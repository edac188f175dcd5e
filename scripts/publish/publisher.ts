/** Sends events to the topics that signalbox listens to. */
import type { Kafka } from 'kafkajs';
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

export async function connectPublisher(kafka: Kafka, settings: { KAFKA_TOPIC_PREFIX: string }): Promise<Publisher> {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  return {
    async send({ topic, key, headers, value }) {
      const name = topicName(settings, topic);
      const [placed] = await producer.send({
        topic: name,
        acks: -1,
        messages: [{ key, headers, value: JSON.stringify(value) }],
      });
      return { topic: name, partition: placed?.partition ?? -1, offset: placed?.baseOffset ?? '?' };
    },
    close: () => producer.disconnect(),
  };
}
