/**
 * A member of a consumer group that never gives up: when kafkajs ends it for whatever reason, a new one takes its
 * place. kafkajs could restart by itself, but not after every error, and not while it is being stopped.
 */
import type { Consumer, ConsumerEndBatchProcessEvent, Kafka } from 'kafkajs';
import { once, setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, RetryableError } from '#libs/domain/errors/errors.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { ChunkSizes } from '../chunk-sizes.ts';
import { OffsetCommitter } from '../offset-committer.ts';
import type { ConsumerOptions, KafkaConsumer } from '../ports.ts';
import { consumeBatch } from './consume-batch.ts';

type EndedBatch = ConsumerEndBatchProcessEvent['payload'];

/** A member that was killed is given up after this time, and its partitions go to another. */
const sessionTimeout = 10_000;
const heartbeatInterval = 2000;
/** How long the others wait, when the group changes, for a member that does not join again. */
const rebalanceTimeout = 15_000;
/** A member that goes while it is joining would be waited for by the others: it joins first, and then leaves. */
const joinMs = 3000;
/** kafkajs can fall silent without an error; a consumer not heard of for so long is replaced. */
const inactivityMs = 60_000;
const maxPauseMs = 10_000;

export class KafkajsConsumer implements KafkaConsumer {
  readonly name = 'kafka consumer';
  readonly #kafka: Kafka;
  readonly #options: ConsumerOptions;
  readonly #log: Logger;
  /** Aborted when no further batch is to be taken. */
  readonly #ending = new AbortController();
  readonly #ended = once(this.#ending.signal, 'abort');
  /** Aborted when the batches under way can no longer be waited for. */
  readonly #releasing = new AbortController();
  readonly #committer: OffsetCommitter;
  readonly #chunkSizes: ChunkSizes;
  /** Where the next batch of each `topic/partition` begins; empty after an assignment. */
  readonly #positions = new Map<string, bigint>();
  #joined = false;
  /** The member there is, once it has joined. */
  #consumer: Consumer | null = null;
  #lastSeen = 0;
  /** What ended the last member; null when it is in the group. */
  #failure: string | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(kafka: Kafka, options: ConsumerOptions, log: Logger) {
    this.#kafka = kafka;
    this.#options = options;
    this.#log = log;
    this.#committer = new OffsetCommitter(log);
    this.#chunkSizes = new ChunkSizes(options.chunkSize);
    setMaxListeners(0, this.#releasing.signal);
  }

  start(): void {
    this.#running = this.#supervise();
  }

  /** Passes while this member holds its place in the group. */
  async check(): Promise<void> {
    const silentMs = Date.now() - this.#lastSeen;
    if (!this.#joined) {
      const why = this.#failure === null ? '' : `: ${this.#failure}`;
      throw new Error(`not a member of consumer group ${this.#options.groupId}${why}`);
    }
    if (silentMs > 2 * sessionTimeout) throw new Error(`no answer from the group coordinator for ${silentMs} ms`);
  }

  async stop(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#releasing.abort(), graceMs);
    this.#ending.abort();
    await this.#running;
    await this.#committer.all();
    clearTimeout(timer);
  }

  async commit(topic: string, partition: number, next: bigint): Promise<void> {
    const consumer = this.#consumer;
    if (!this.#joined || consumer === null) {
      const { groupId } = this.#options;
      throw new RetryableError('not_a_member', `not a member of consumer group ${groupId}: nothing can be committed`);
    }
    await consumer.commitOffsets([{ topic, partition, offset: String(next) }]);
  }

  seek(topic: string, partition: number, offset: bigint): void {
    if (this.#joined) this.#consumer?.seek({ topic, partition, offset: String(offset) });
  }

  async #supervise(): Promise<void> {
    let pauseMs = 100;
    while (!this.#ending.signal.aborted) {
      const since = Date.now();
      try {
        await this.#runOnce();
      } catch (error) {
        this.#logFailure(error);
      }
      if (Date.now() - since > inactivityMs) pauseMs = 100;
      await sleep(pauseMs, undefined, { signal: this.#ending.signal }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, maxPauseMs);
    }
  }

  /** Resolves when it is to end, rejects when the consumer has ended by itself. */
  async #runOnce(): Promise<void> {
    const { groupId, lingerMs } = this.#options;
    const consumer = this.#kafka.consumer({
      groupId,
      sessionTimeout,
      rebalanceTimeout,
      heartbeatInterval,
      // Also how long a stop waits for a fetch under way. New messages end the wait at once.
      maxWaitTimeInMs: 1000,
      ...(lingerMs !== undefined && { minBytes: 64 * 1024, maxWaitTimeInMs: lingerMs }),
      // What a fetch brings is held in memory until it is processed.
      maxBytesPerPartition: 512 * 1024,
      maxBytes: 4 * 1024 * 1024,
      allowAutoTopicCreation: false,
      retry: { retries: 5, restartOnFailure: async () => false },
    });
    this.#consumer = consumer;
    const watch = this.#watch(consumer);
    const joining = this.#join(consumer, watch.verify);
    try {
      await Promise.race([joining.then(() => this.#ended), this.#ended, watch.crashed]);
      await Promise.race([joining.catch(() => {}), watch.crashed, sleep(joinMs, undefined, { ref: false })]);
    } finally {
      watch.close();
      this.#joined = false;
      await this.#leave(consumer);
    }
  }

  async #join(consumer: Consumer, verify: () => Promise<void>): Promise<void> {
    const { prepare, topics, handler, partitionsAtOnce } = this.#options;
    const committer = this.#committer;
    const chunkSizes = this.#chunkSizes;
    await prepare();
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitionsAtOnce,
      eachBatch: (payload) =>
        consumeBatch(payload, {
          handler,
          chunkSizes,
          committer,
          seek: (topic, partition, offset) => this.seek(topic, partition, offset),
          positions: this.#positions,
          verify,
          stopping: this.#releasing.signal,
        }),
    });
  }

  #watch(consumer: Consumer): { crashed: Promise<never>; verify: () => Promise<void>; close(): void } {
    const { CRASH, GROUP_JOIN, HEARTBEAT, FETCH, REBALANCING, END_BATCH_PROCESS } = consumer.events;
    const seen = (): void => void (this.#lastSeen = Date.now());
    seen();
    let reject: (reason: unknown) => void = () => {};
    const crashed = new Promise<never>((_, rejectCrashed) => void (reject = rejectCrashed));
    crashed.catch(() => {});
    const verify = (): Promise<void> =>
      this.#options.verify().catch((error: unknown) => {
        reject(error);
        throw error;
      });
    const timer = setInterval(() => {
      const silentMs = Date.now() - this.#lastSeen;
      if (silentMs > inactivityMs) reject(new Error(`the consumer has been silent for ${silentMs} ms`));
      verify().catch(() => {});
    }, sessionTimeout);
    consumer.on(CRASH, ({ payload }) => reject(payload.error));
    consumer.on(HEARTBEAT, seen);
    consumer.on(FETCH, seen);
    consumer.on(END_BATCH_PROCESS, ({ payload }) => this.#skipUnseen(consumer, payload));
    consumer.on(REBALANCING, () => void (this.#joined = false));
    consumer.on(GROUP_JOIN, ({ payload }) => {
      seen();
      this.#joined = true;
      this.#failure = null;
      this.#committer.reassigned();
      this.#positions.clear();
      this.#options.assigned(payload.memberAssignment);
      this.#log.info({ partitions: payload.memberAssignment }, 'joined the consumer group');
    });
    return { crashed, verify, close: () => clearInterval(timer) };
  }

  /**
   * Commits past what consumers never see: aborted records, and the markers at the end of transactions. kafkajs moves
   * on from a batch of nothing else without asking us, and at the end of a partition nothing else would move the offset.
   */
  #skipUnseen(
    consumer: Consumer,
    { topic, partition, batchSize, firstOffset, lastOffset, highWatermark }: EndedBatch,
  ): void {
    if (batchSize > 0 || lastOffset === null) return;
    const next = BigInt(lastOffset) + 1n;
    const first = BigInt(firstOffset ?? lastOffset);
    // Only a known position moves on: nothing has asked yet which topic these records are of.
    const key = `${topic}/${partition}`;
    if (this.#positions.get(key) === first) this.#positions.set(key, next);
    const unseen = { topic, partition, messages: [], first, next, highWatermark: BigInt(highWatermark), fetch: {} };
    const { handler } = this.#options;
    if (handler.commit === undefined) {
      handler.process(unseen, this.#releasing.signal).catch((error: unknown) => {
        this.#log.debug({ topic, partition, err: error }, 'the end of the partition will be read once more');
      });
      return;
    }
    const commit = () => consumer.commitOffsets([{ topic, partition, offset: String(next) }]);
    this.#committer.skip(commit, unseen, handler, this.#releasing.signal);
  }

  /** Waits for the batches under way; their handlers give up when they are released. */
  async #leave(consumer: Consumer): Promise<void> {
    try {
      await consumer.disconnect();
    } catch (error) {
      this.#log.debug({ err: error }, 'the consumer did not leave in order');
    }
  }

  /** One line when it starts to fail; joining logs that it works again. */
  #logFailure(error: unknown): void {
    const isKnown = this.#failure !== null;
    this.#failure = messageOf(error);
    if (isKnown) return;
    this.#log.error({ err: error }, `the Kafka consumer has ended: ${messageOf(error)}; trying again`);
  }
}
