import type { Admin, Kafka } from 'kafkajs';
import type { KafkaAdmin, PartitionEnds, PartitionOffset } from '../ports.ts';
import { askAgain } from './ask-again.ts';
import { LazyClient } from './lazy-client.ts';
import { topicIds } from './topic-ids.ts';

/** The admin client of kafkajs; offsets become numbers that can be compared. */
export class KafkajsAdmin implements KafkaAdmin {
  readonly #kafka: Kafka;
  readonly #client: LazyClient<Admin>;

  constructor(kafka: Kafka, options?: { retries: number }) {
    this.#kafka = kafka;
    this.#client = new LazyClient(() => kafka.admin(options && { retry: options }));
  }

  async clusterId(): Promise<string> {
    return (await this.#client.use((admin) => admin.describeCluster())).clusterId;
  }

  listTopics(): Promise<string[]> {
    return this.#client.use((admin) => admin.listTopics());
  }

  async createTopics(
    topics: readonly string[],
    { partitions: numPartitions, replicationFactor }: { partitions: number; replicationFactor: number },
  ): Promise<void> {
    await this.#client.use((admin) =>
      admin.createTopics({
        // kafkajs waits for leaders but not for a broker that has not heard of the topic yet.
        waitForLeaders: false,
        topics: topics.map((topic) => ({ topic, numPartitions, replicationFactor })),
      }),
    );
  }

  async haveLeaders(topics: readonly string[]): Promise<boolean> {
    const metadata = await this.#client.use((admin) => admin.fetchTopicMetadata({ topics: [...topics] }));
    return metadata.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0));
  }

  topicIds(topics: readonly string[]): Promise<Map<string, string | null>> {
    return topicIds(this.#kafka, topics);
  }

  async listOffsets(topic: string): Promise<PartitionEnds[]> {
    const ends = await this.#ask((admin) => admin.fetchTopicOffsets(topic));
    return ends.map(({ partition, low, high }) => ({ partition, earliest: BigInt(low), latest: BigInt(high) }));
  }

  async offsetsForTime(topic: string, time: number): Promise<PartitionOffset[]> {
    const offsets = await this.#ask((admin) => admin.fetchTopicOffsetsByTimestamp(topic, time));
    return offsets.map(({ partition, offset }) => ({ partition, offset: BigInt(offset) }));
  }

  async committedOffsets(groupId: string, topics: readonly string[]): Promise<Map<string, Map<number, bigint>>> {
    const committed = await this.#ask((admin) => admin.fetchOffsets({ groupId, topics: [...topics] }));
    return new Map(committed.map(({ topic, partitions }) => [topic, byPartition(partitions)]));
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** After a failure the client is another one, which learns anew who leads. */
  #ask<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    return askAgain(() => this.#client.use(work));
  }
}

function byPartition(partitions: { partition: number; offset: string }[]): Map<number, bigint> {
  const known = partitions.map(({ partition, offset }) => [partition, BigInt(offset)] as const);
  // -1: nothing is committed.
  return new Map(known.filter(([, offset]) => offset >= 0n));
}
