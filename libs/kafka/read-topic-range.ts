/** What topics hold of the last days, read once and from beginning to end, leaving no trace in Kafka. */
import type { IncomingMessage } from '#libs/contracts/message.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { KafkaAdmin, KafkaConnection, PartitionRange } from './ports.ts';
import { topicName, type TopicSettings } from './topics.ts';
import { withAdmin } from './with-admin.ts';

/** Where platform events come in: full names, and logical ones. Accounts first, as the ingress takes them. */
export function recordedTopics(settings: Pick<TopicSettings, 'topicPrefix'>): Map<string, string> {
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

/** @throws what the client throws, what `take` throws, and the reason of the signal */
export async function readRecorded(
  kafka: Pick<KafkaConnection, 'admin' | 'readRanges'>,
  { topics: wanted, since, signal, take }: RecordedOptions,
): Promise<void> {
  const ranges: PartitionRange[] = [];
  await withAdmin(kafka, async (admin) => {
    for (const topic of wanted.keys()) ranges.push(...(await listRanges(admin, topic, since)));
  });
  if (ranges.length === 0) return;
  const total = Number(ranges.reduce((sum, { from, to }) => sum + to - from, 0n));
  await kafka.readRanges({
    ranges,
    signal,
    take: (topic, partition, messages) => {
      const incoming = messages.map(({ offset, timestamp, key, value, headers }) => {
        const origin = { topic: wanted.get(topic) ?? topic, partition, offset, timestamp };
        return { ...origin, key, value, headers };
      });
      return take(incoming, total);
    },
  });
}

/** What was published since, and is there now. */
async function listRanges(admin: KafkaAdmin, topic: string, since: number): Promise<PartitionRange[]> {
  const [starts, ends] = await Promise.all([admin.offsetsForTime(topic, since), admin.listOffsets(topic)]);
  return ends.flatMap(({ partition, earliest, latest }) => {
    const found = starts.find((start) => start.partition === partition)?.offset ?? latest;
    const from = found < earliest ? earliest : found;
    return from < latest ? [{ topic, partition, from, to: latest }] : [];
  });
}
