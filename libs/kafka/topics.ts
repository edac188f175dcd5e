/** The topics signalbox reads and writes, made where they are missing. */
import type { Admin } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '#libs/domain/event.ts';

export interface TopicSettings {
  KAFKA_TOPIC_PREFIX: string;
  KAFKA_PARTITIONS: number;
  KAFKA_REPLICATION: number;
}

/** What a topic of `libs/domain/event.ts` is called on this cluster. */
export function topicName(settings: Pick<TopicSettings, 'KAFKA_TOPIC_PREFIX'>, topic: string): string {
  return `${settings.KAFKA_TOPIC_PREFIX}${topic}`;
}

/** How long new topics may take to be known by every broker, in milliseconds. */
const settleMs = 15_000;

/** Leaves existing topics as they are. Processes that start together may call it at once. */
export async function ensureTopics(admin: Admin, settings: TopicSettings): Promise<void> {
  const wanted = Object.values(topics).map((topic) => topicName(settings, topic));
  const present = new Set(await admin.listTopics());
  const missing = wanted.filter((topic) => !present.has(topic));
  if (missing.length === 0) return;
  await admin.createTopics({
    // kafkajs waits for leaders but not for a broker that has not heard of the topic yet.
    waitForLeaders: false,
    topics: missing.map((topic) => ({
      topic,
      numPartitions: settings.KAFKA_PARTITIONS,
      replicationFactor: settings.KAFKA_REPLICATION,
    })),
  });
  await untilServed(admin, missing);
}

/** Resolves when every partition of the topics has a leader. */
async function untilServed(admin: Admin, topics: string[]): Promise<void> {
  const deadline = Date.now() + settleMs;
  for (;;) {
    try {
      const metadata = await admin.fetchTopicMetadata({ topics });
      if (metadata.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    if (Date.now() > deadline) throw new Error(`topics without a leader after ${settleMs} ms: ${topics.join(', ')}`);
    await sleep(100);
  }
}
