/** What was published, as Kafka tells it: the messages with their places, and the dead letters by the places they name. */
import { decodeMessage } from '#libs/contracts/decode-message.ts';
import { headerText, type Decoded, type IncomingMessage } from '#libs/contracts/message.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { readRecorded, recordedTopics } from '#libs/kafka/read-topic-range.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import type { IngressWorld } from '../ingress.ts';

export interface Letter {
  reason: string;
  message: string;
}

/** Every message of the three topics, and what it is read as. @returns by topic, partition and offset */
export async function messagesByPlace(world: IngressWorld): Promise<Map<string, Decoded>> {
  const { kafka, config } = world;
  const wanted = recordedTopics(config.kafka);
  const ids = await withAdmin(kafka, (admin) => admin.topicIds([...wanted.keys()]));
  const found = new Map<string, Decoded>();
  for (const message of await readAll(world, wanted)) {
    const topic = `${config.kafka.topicPrefix}${message.topic}`;
    const decoded = decodeMessage({ ...message, topicId: ids.get(topic) ?? null }, config.events);
    found.set(`${topic}/${message.partition}/${message.offset}`, decoded);
  }
  return found;
}

/** @returns by topic, partition and offset that they name */
export async function lettersByPlace(world: IngressWorld): Promise<Map<string, Letter[]>> {
  const topic = `${world.config.kafka.topicPrefix}${topics.deadLetter}`;
  const letters = new Map<string, Letter[]>();
  for (const { headers } of await readAll(world, new Map([[topic, topics.deadLetter]]))) {
    const text = (name: string): string => headerText(headers, `dead-letter.${name}`) ?? '';
    const place = `${text('topic')}/${text('partition')}/${text('offset')}`;
    letters.set(place, [...(letters.get(place) ?? []), { reason: text('reason'), message: text('message') }]);
  }
  return letters;
}

async function readAll({ kafka }: IngressWorld, wanted: Map<string, string>): Promise<IncomingMessage[]> {
  const messages: IncomingMessage[] = [];
  const take = async (some: IncomingMessage[]): Promise<void> => void messages.push(...some);
  // Kafka's word for the beginning: times may lie before 1970.
  await readRecorded(kafka, { topics: wanted, since: -2, signal: AbortSignal.timeout(120_000), take });
  return messages;
}
