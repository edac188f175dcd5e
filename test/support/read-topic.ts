/** Reading what was published, as any subscriber does. */
import { foreignKafka } from './foreign-kafka.ts';
import { uniqueName } from './servers.ts';

export interface ReadMessage {
  key: string;
  value: string;
  headers: Record<string, string>;
}

/** Reads a topic from its beginning until as many messages with this key have come. @returns those, in their order */
export async function readTopic(
  brokers: string[],
  topic: string,
  wanted: string,
  count: number,
): Promise<ReadMessage[]> {
  let seen = 0;
  const messages = await readTopicUntil(brokers, topic, ({ key }) => key === wanted && (seen += 1) >= count);
  return messages.filter(({ key }) => key === wanted);
}

/** Reads a topic from its beginning up to the message told. @returns all of them, in their order */
export async function readTopicUntil(
  brokers: string[],
  topic: string,
  isLast: (message: ReadMessage) => boolean,
): Promise<ReadMessage[]> {
  const consumer = foreignKafka(brokers).consumer({ groupId: uniqueName('reader') });
  const messages: ReadMessage[] = [];
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          eachMessage: ({ message: { key, value, headers = {} } }) => {
            const text = Object.entries(headers).map(([name, header]) => [name, String(header)]);
            const message = { key: String(key), value: String(value), headers: Object.fromEntries(text) };
            messages.push(message);
            if (isLast(message)) resolve();
            return Promise.resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return messages;
}
