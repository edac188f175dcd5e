/** The topics signalbox reads and writes, made where they are missing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, RetryableError } from '#libs/domain/errors/errors.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { KafkaAdmin } from './ports.ts';

export interface TopicSettings {
  topicPrefix: string;
  partitions: number;
  replication: number;
}

/** What a topic of `libs/domain/events/platform-event.ts` is called on this cluster. */
export function topicName(settings: Pick<TopicSettings, 'topicPrefix'>, topic: string): string {
  return `${settings.topicPrefix}${topic}`;
}

/** How long new topics may take to be known by every broker, in milliseconds. */
const settleMs = 15_000;

/**
 * @param logical the topics looked for
 * @returns full names of those that are not there, or that this user may not see
 */
export async function missingTopics(
  admin: Pick<KafkaAdmin, 'listTopics'>,
  settings: Pick<TopicSettings, 'topicPrefix'>,
  logical: readonly string[] = Object.values(topics),
): Promise<string[]> {
  const wanted = logical.map((topic) => topicName(settings, topic));
  // Asking for one by name would make it on a broker that makes what it is asked for.
  const present = new Set(await admin.listTopics());
  return wanted.filter((topic) => !present.has(topic));
}

/** Says what is missing and how to mend it. */
export function missingTopicsError(missing: string[], cause?: unknown): RetryableError {
  const why = cause === undefined ? '' : `, and making them is refused (${messageOf(cause)})`;
  return new RetryableError(
    'topics_missing',
    `Kafka does not show the topics ${missing.join(', ')}${why}: make them, by "signalbox setup" or kafka-topics.sh --create --topic NAME, and let the user of signalbox describe, read and write them`,
    { cause },
  );
}

/**
 * Leaves existing topics as they are. Processes that start together may call it at once.
 * @returns the names of those it made
 */
export async function ensureTopics(admin: KafkaAdmin, settings: TopicSettings): Promise<string[]> {
  const missing = await missingTopics(admin, settings);
  if (missing.length === 0) return [];
  try {
    await admin.createTopics(missing, {
      partitions: settings.partitions,
      replicationFactor: settings.replication,
    });
  } catch (error) {
    throw missingTopicsError(missing, error);
  }
  await untilServed(admin, missing);
  return missing;
}

/** Resolves when every partition of the topics has a leader. */
async function untilServed(admin: KafkaAdmin, topics: string[]): Promise<void> {
  const deadline = Date.now() + settleMs;
  for (;;) {
    try {
      if (await admin.haveLeaders(topics)) return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    if (Date.now() > deadline) throw new Error(`topics without a leader after ${settleMs} ms: ${topics.join(', ')}`);
    await sleep(100);
  }
}
