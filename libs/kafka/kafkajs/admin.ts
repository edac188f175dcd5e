import type { Admin, Kafka } from 'kafkajs';
import type { KafkaAdmin, PartitionEnds, PartitionOffset } from '../ports.ts';
import { committedOffsets } from './committed-offsets.ts';
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
    const ends = await this.#client.use((admin) => admin.fetchTopicOffsets(topic));
    return ends.map(({ partition, low, high }) => ({ partition, earliest: BigInt(low), latest: BigInt(high) }));
  }

  async offsetsForTime(topic: string, time: number): Promise<PartitionOffset[]> {
    const offsets = await this.#client.use((admin) => admin.fetchTopicOffsetsByTimestamp(topic, time));
    return offsets.map(({ partition, offset }) => ({ partition, offset: BigInt(offset) }));
  }

  committedOffsets(groupId: string, topics: readonly string[]): Promise<Map<string, Map<number, bigint>>> {
    return this.#client.use((admin) => committedOffsets(admin, groupId, [...topics]));
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
