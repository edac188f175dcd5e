/** The topics signalbox reads and writes, made where they are missing. */
import type { Admin } from 'kafkajs';
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

/** Leaves existing topics as they are. Processes that start together may call it at once. */
export async function ensureTopics(admin: Admin, settings: TopicSettings): Promise<void> {
  const wanted = Object.values(topics).map((topic) => topicName(settings, topic));
  const present = new Set(await admin.listTopics());
  const missing = wanted.filter((topic) => !present.has(topic));
  if (missing.length === 0) return;
  await admin.createTopics({
    waitForLeaders: true,
    topics: missing.map((topic) => ({
      topic,
      numPartitions: settings.KAFKA_PARTITIONS,
      replicationFactor: settings.KAFKA_REPLICATION,
    })),
  });
}
