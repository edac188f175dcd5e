/** What topics hold of the last days, read once and from beginning to end, leaving no trace in Kafka. */
import type { Kafka, SeekEntry } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from '#libs/contracts/message.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { topicName, type TopicSettings } from './topics.ts';

/** Where platform events come in: full names, and logical ones. Accounts first, as the ingress takes them. */
export function recordedTopics(settings: Pick<TopicSettings, 'KAFKA_TOPIC_PREFIX'>): Map<string, string> {
  return new Map([topics.account, topics.trade, topics.crm].map((topic) => [topicName(settings, topic), topic]));
}

export interface RecordedOptions {
  /** Full topic names and, for each, its logical one. */
  topics: ReadonlyMap<string, string>;
  /** Milliseconds since 1970: what was published since. */
  since: number;
  signal: AbortSignal;
  /** Called with messages of one partition, in their order; one call at a time. @param total messages to read altogether */
  take: (messages: IncomingMessage[], total: number) => Promise<void>;
}

interface Range extends SeekEntry {
  topic: string;
  /** First offset that was not there when the reading began. */
  end: bigint;
}

/** @throws what kafkajs throws, what `take` throws, and the reason of the signal */
export async function readRecorded(
  kafka: Kafka,
  { topics: wanted, since, signal, take }: RecordedOptions,
): Promise<void> {
  const groupId = `signalbox-backtest-${randomUUID()}`;
  const admin = kafka.admin();
  await admin.connect();
  // At the end a fetch is under way that nothing answers: this is how long it is waited for.
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 200 });
  try {
    const open = new Map<string, Range>();
    for (const topic of wanted.keys()) {
      for (const range of await rangesOf(topic, since)) open.set(toKey(topic, range.partition), range);
    }
    const total = Number([...open.values()].reduce((sum, { offset, end }) => sum + end - BigInt(offset), 0n));
    if (open.size === 0) return;
    await consumer.connect();
    await consumer.subscribe({ topics: [...wanted.keys()], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => reject(signal.reason as Error);
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      // Also told of batches without a message: what a transaction leaves at the end of a partition is none.
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset } }) => {
        const range = open.get(toKey(topic, partition));
        if (range !== undefined && BigInt(lastOffset) + 1n >= range.end) open.delete(toKey(topic, partition));
        if (open.size === 0) resolve();
      });
      consumer
        .run({
          autoCommit: false,
          eachBatch: async ({ batch: { topic, partition, messages }, ...session }) => {
            const range = open.get(toKey(topic, partition));
            if (range === undefined || signal.aborted) return;
            const within = messages.filter(
              ({ offset }) => BigInt(offset) < range.end && BigInt(offset) >= BigInt(range.offset),
            );
            try {
              await take(
                within.map(({ offset, timestamp, key, value, headers }) => {
                  const origin = { topic: wanted.get(topic) ?? topic, partition, offset, timestamp };
                  return { ...origin, key, value, headers };
                }),
                total,
              );
            } catch (error) {
              reject(error instanceof Error ? error : new Error(String(error)));
              return;
            }
            await session.heartbeat();
            // A seek or a rebalance fetches messages again that have been taken.
            const last = within.at(-1);
            if (last !== undefined) range.offset = String(BigInt(last.offset) + 1n);
          },
        })
        .catch(reject);
      for (const range of open.values()) consumer.seek(range);
    });
  } finally {
    await consumer.disconnect();
    // Kafka forgets a group without members and offsets by itself; this only does it at once.
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }

  async function rangesOf(topic: string, time: number): Promise<Range[]> {
    const [starts, ends] = await Promise.all([
      admin.fetchTopicOffsetsByTimestamp(topic, time),
      admin.fetchTopicOffsets(topic),
    ]);
    return ends.flatMap(({ partition, high, low }): Range | [] => {
      const found = BigInt(starts.find((start) => start.partition === partition)?.offset ?? high);
      // -1: nothing was published since.
      const first = found < 0n ? BigInt(high) : found < BigInt(low) ? BigInt(low) : found;
      return first < BigInt(high) ? { topic, partition, offset: String(first), end: BigInt(high) } : [];
    });
  }
}

function toKey(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
