/**
 * Keeps what is on the topic of lifecycle events in the store, where it can be read again by position and by run, and
 * then gives it to the webhook subscriptions.
 */
import { Inject, Injectable } from '@nestjs/common';
import { createBatcher } from '#libs/async/batcher.ts';
import { RetryPolicy } from '#libs/async/retry.ts';
import type { Config } from '#libs/config/config.ts';
import { cloudEventMode } from '#libs/contracts/cloud-event.ts';
import { readLifecycleMessage } from '#libs/contracts/lifecycle-message.ts';
import type { LifecycleCloudEvent } from '#libs/contracts/lifecycle.schema.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { KeptEvent, LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import type { Chunk, ChunkHandler } from '#libs/kafka/chunk.ts';
import { KafkaCluster } from '#libs/kafka/cluster.ts';
import { DeadLetters, type DeadLetter } from '#libs/kafka/dead-letter.ts';
import type { ConsumedMessage } from '#libs/kafka/message.ts';
import { SeekPartition } from '#libs/kafka/seek-partition.ts';
import { topicName } from '#libs/kafka/topics.ts';
import { DeliveryMetrics } from './delivery.metrics.ts';
import { tokens } from './tokens.ts';
import { Dispatcher, type DispatchedChunk } from './webhooks/dispatcher.ts';

/** Events that are kept together, and then sent together. */
const sliceSize = 100;
/** Slices, of all partitions, that are kept with one request. */
const keeping = { requests: 1, items: 5 };
/** Ends of chunks that are noted with one request. */
const advancing = { requests: 1, items: 100 };

@Injectable()
export class EventKeeper implements ChunkHandler {
  readonly #topic: string;
  /** Partitions that are fetched together are written together. */
  readonly #add = createBatcher(async (events: (readonly KeptEvent[])[]) => {
    await this.lifecycle.add(events.flat());
    return events.map(() => undefined);
  }, keeping);
  readonly #advance = createBatcher(async (ends: { partition: number; next: number }[]) => {
    await this.lifecycle.advance(this.#topicId, ends);
    return ends.map(() => undefined);
  }, advancing);

  /** Partitions of which this process has read nothing since they were given to it. */
  #unread = new Set<number>();

  constructor(
    @Inject(tokens.lifecycleLog) private readonly lifecycle: LifecycleLog,
    @Inject(tokens.config) config: Config,
    private readonly cluster: KafkaCluster,
    private readonly deadLetters: DeadLetters,
    private readonly retryPolicy: RetryPolicy,
    private readonly metrics: DeliveryMetrics,
    private readonly dispatcher: Dispatcher,
  ) {
    this.#topic = topicName(config.kafka, topics.lifecycle);
  }

  /** Before the first chunk, and whenever the topic may have been made anew. */
  open(): Promise<void> {
    return this.lifecycle.open(this.#topicId);
  }

  /** @throws SeekPartition to the beginning of a partition that is to be read from there */
  async process({ partition, messages, first, next }: Chunk, signal: AbortSignal): Promise<void> {
    if (this.#unread.delete(partition) && first > 0n) await this.#beginAnew(partition, signal);
    const events: KeptEvent[] = [];
    for (const message of messages) {
      const read = readLifecycleMessage({ value: message.value, headers: message.headers });
      if ('deadLetter' in read) await this.#refuse(message, read.deadLetter, partition, signal);
      else events.push(this.#keep(message, read.event, partition));
    }
    await this.#keepAndSend({ partition, events, next: Number(next) }, signal);
  }

  /** @param assignment partitions by topic */
  assigned({ [this.#topic]: partitions = [] }: Readonly<Record<string, readonly number[]>>): void {
    this.#unread = new Set(partitions);
    this.dispatcher.assigned(this.#topicId, partitions);
  }

  async commit({ partition, next }: Chunk, signal: AbortSignal): Promise<void> {
    await this.retryPolicy.retryForever('store', () => this.#advance({ partition, next: Number(next) }), signal);
  }

  /** While a slice is sent, the one behind it is being kept; what comes of that is looked at when its turn has come. */
  async #keepAndSend({ partition, events, next }: DispatchedChunk, signal: AbortSignal): Promise<void> {
    let start = 0;
    let kept = this.#store(events.slice(0, sliceSize), signal);
    kept.catch(() => undefined);
    await this.dispatcher.prepare(partition, signal);
    do {
      await kept;
      const slice = events.slice(start, start + sliceSize);
      start += sliceSize;
      kept = this.#store(events.slice(start, start + sliceSize), signal);
      kept.catch(() => undefined);
      await this.dispatcher.dispatch({ partition, events: slice, next: events[start]?.offset ?? next }, signal);
    } while (start < events.length);
  }

  async #store(events: readonly KeptEvent[], signal: AbortSignal): Promise<void> {
    if (events.length === 0) return;
    await this.retryPolicy.retryForever('store', () => this.#add(events), signal);
    for (const { type } of events) this.metrics.kept.inc({ type });
  }

  /**
   * Nothing of the partition is kept, and yet an offset was committed: for a topic of this name that is gone. Where the
   * beginning is gone too, Kafka gives the first message that it has, and that one is taken.
   */
  async #beginAnew(partition: number, signal: AbortSignal): Promise<void> {
    const state = await this.retryPolicy.retryForever('store', () => this.lifecycle.state(), signal);
    const kept = state?.partitions.find((one) => one.partition === partition)?.next ?? 0;
    if (kept === 0) throw new SeekPartition(0n, `nothing of partition ${partition} is kept`);
  }

  get #topicId(): string {
    return this.cluster.topicId(this.#topic) ?? '';
  }

  /** As it was published, whatever a later build has added to it. */
  #keep(message: ConsumedMessage, event: LifecycleCloudEvent, partition: number): KeptEvent {
    const { executionId, processId, tenantId, sequence, occurredAt } = event.data;
    const place = { topicId: this.#topicId, partition, offset: Number(message.offset) };
    const names = { executionId, processId, tenantId, sequence, occurredAt };
    const isWhole = cloudEventMode(message.headers) !== 'binary';
    const text = isWhole ? String(message.value) : JSON.stringify(event);
    return { eventId: event.id, ...place, ...names, type: event.type, text };
  }

  /** Only our own publisher writes to the topic: what else is there is a mistake of another program. */
  async #refuse(
    message: ConsumedMessage,
    why: Pick<DeadLetter, 'reason' | 'message'>,
    partition: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { offset, timestamp } = message;
    const origin = { topic: this.#topic, partition, offset, timestamp };
    const letter = { ...why, origin, original: { ...message, headers: message.headers } };
    await this.retryPolicy.retryForever('Kafka', () => this.deadLetters.send(letter), signal);
    this.metrics.deadLetters.inc({ reason: why.reason });
  }
}
