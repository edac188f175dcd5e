/**
 * What signalbox needs of Kafka, in Kafka's own terms, whichever client speaks to the brokers. `client.ts` chooses the
 * client. What each has to keep to is tried on a real broker by `test/integration/kafka/contract`.
 */
import type { HealthCheck } from '#libs/telemetry/health.ts';
import type { ChunkHandler } from './chunk.ts';
import type { ConsumedMessage, OutgoingMessage } from './message.ts';

/** The part of the configuration that Kafka needs. */
export interface KafkaSettings {
  brokers: string[];
  tls: boolean;
  saslMechanism?: 'plain' | 'scram-sha-256' | 'scram-sha-512' | undefined;
  username?: string | undefined;
  password?: string | undefined;
  /** The same for all consumers of a process: what was said last. */
  maxInflatedBytes?: number | undefined;
}

/** The way to one cluster. It holds nothing open by itself: what it makes connects when it is used, and is closed alone. */
export interface KafkaConnection {
  /** @param options.retries how often a question is asked again before it fails; left out = a few times */
  admin(options?: { retries: number }): KafkaAdmin;
  producer(): KafkaProducer;
  consumer(options: ConsumerOptions): KafkaConsumer;
  /**
   * Reads ranges of offsets once, without a trace: nothing is committed, and no consumer group is left behind.
   * @throws what `take` throws, the reason of the signal, and what the client throws when the cluster cannot be read
   */
  readRanges(reading: RangeReading): Promise<void>;
}

/** Questions to the cluster. A question that failed does not keep the next one from being answered. */
export interface KafkaAdmin {
  /** Kafka's own id of the cluster. */
  clusterId(): Promise<string>;
  /** Names of the topics that this user may see. */
  listTopics(): Promise<string[]>;
  /** Leaves topics that exist as they are. Brokers may hear of the new ones later. */
  createTopics(topics: readonly string[], options: { partitions: number; replicationFactor: number }): Promise<void>;
  /** Whether every partition of the topics has a leader. @throws while the broker that is asked does not know a topic */
  haveLeaders(topics: readonly string[]): Promise<boolean>;
  /**
   * Kafka's own ids of topics (KIP-516), as 22 characters of base64url, as its own tools print them.
   * @returns null for a broker older than 2.8, and for a topic that is not there
   */
  topicIds(topics: readonly string[]): Promise<Map<string, string | null>>;
  /** The ends of every partition. */
  listOffsets(topic: string): Promise<PartitionEnds[]>;
  /**
   * @param time milliseconds since 1970, of Kafka's timestamps; -2 = the beginning
   * @returns for each partition the offset of the first message of that time or later; where there is none, the latest
   */
  offsetsForTime(topic: string, time: number): Promise<PartitionOffset[]>;
  /**
   * How far a consumer group has come: the offset after the last message that is done. Asked again for some seconds
   * while the group's coordinator moves or loads.
   * @returns by topic and partition; nothing for a partition of which nothing is committed
   */
  committedOffsets(groupId: string, topics: readonly string[]): Promise<Map<string, Map<number, bigint>>>;
  /** A later question connects again. */
  close(): Promise<void>;
}

export interface PartitionOffset {
  partition: number;
  offset: bigint;
}

export interface PartitionEnds {
  partition: number;
  /** First offset that Kafka still has. */
  earliest: bigint;
  /** Last stable offset: up to it consumers can read, while a transaction under way may have written more. */
  latest: bigint;
}

export interface KafkaProducer {
  /**
   * Messages of one topic and key keep their order. Each is written once, also where a request had to be repeated.
   * @returns where Kafka put them, when every in-sync replica has all of them
   * @throws SendError; some of the messages may have arrived. Later ones are sent all the same.
   */
  send(messages: readonly TopicMessage[]): Promise<RecordMetadata[]>;
  close(): Promise<void>;
}

export interface TopicMessage extends OutgoingMessage {
  topic: string;
}

/** Of the messages that went to one partition together. */
export interface RecordMetadata {
  topic: string;
  partition: number;
  /** Offset of the first of them. */
  baseOffset: string;
}

/** What a producer could not send. The cause is the client's own error. */
export class SendError extends Error {
  override name = 'SendError';
  /**
   * `content`: what the messages hold is refused, less of it might be taken. `messages`: they are refused for another
   * reason, this user may not write to their topic, say; others may be taken. `cluster`: nothing can be said about the messages.
   */
  readonly concerns: 'content' | 'messages' | 'cluster';

  constructor(concerns: SendError['concerns'], message: string, options?: { cause: unknown }) {
    super(message, options);
    this.concerns = concerns;
  }
}

export interface ConsumerOptions {
  groupId: string;
  topics: string[];
  handler: ChunkHandler;
  /** Messages handled together, at most. */
  chunkSize: number;
  /** Partitions handled at once. */
  partitionsAtOnce: number;
  /**
   * How long messages may wait at the broker for others to come with them, in milliseconds; left out: they come at once.
   * For work that costs less when it is done together.
   */
  lingerMs?: number;
  /** What has to be true before the group is joined; tried again until it succeeds. */
  prepare: () => Promise<void>;
  /**
   * Called at each assignment of partitions: what is remembered of any partition may be stale.
   * @param assignment partitions of this member, by topic
   */
  assigned: (assignment: Record<string, number[]>) => void;
  /**
   * Rejects when the group has to be joined anew, because a topic was made anew, say. Asked now and then, before the
   * first chunk of a partition, and before one that does not begin where the last one ended: under the same offsets
   * another topic has other messages.
   */
  verify: () => Promise<void>;
}

/**
 * A member of a consumer group that never gives up: it joins as soon as it can and again whenever it has to. Chunks of a
 * partition come in the order of their offsets, one at a time, from the committed offset on, or from the beginning. Each
 * comes at least once; the signal of a chunk is aborted when another member may get the partition.
 */
export interface KafkaConsumer extends HealthCheck {
  /** Returns at once. */
  start(): void;
  /** Lets the chunks under way finish for `graceMs`, then releases them uncommitted, and leaves the group. */
  stop(graceMs: number): Promise<void>;
  /**
   * For a handler without `commit`.
   * @param next offset of the first message that is not done
   * @throws RetryableError `not_a_member`, and what the coordinator answers when the partition may be another member's
   */
  commit(topic: string, partition: number, next: bigint): Promise<void>;
  /** Reads the partition on from there. Does nothing while this member does not hold it. */
  seek(topic: string, partition: number, offset: bigint): void;
}

export interface RangeReading {
  ranges: readonly PartitionRange[];
  signal: AbortSignal;
  /** Called with messages of one partition, in their order; one call at a time. */
  take: (topic: string, partition: number, messages: ConsumedMessage[]) => Promise<void>;
}

export interface PartitionRange {
  topic: string;
  partition: number;
  from: bigint;
  /** First offset behind the range. */
  to: bigint;
}
