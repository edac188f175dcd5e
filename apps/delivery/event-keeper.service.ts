/** Keeps what is on the topic of lifecycle events in the store, where it can be read again by position and by run. */
import { Inject, Injectable } from '@nestjs/common';
import { RetryPolicy } from '#libs/async/retry.ts';
import type { Config } from '#libs/config/config.ts';
import { lifecycleCloudEventSchema } from '#libs/contracts/lifecycle.schema.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { KeptEvent, LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import type { Chunk, ChunkHandler } from '#libs/kafka/chunk.ts';
import { KafkaCluster } from '#libs/kafka/cluster.ts';
import { DeadLetters } from '#libs/kafka/dead-letter.ts';
import type { ConsumedMessage } from '#libs/kafka/message.ts';
import { topicName } from '#libs/kafka/topics.ts';
import { DeliveryMetrics } from './delivery.metrics.ts';
import { tokens } from './tokens.ts';

@Injectable()
export class EventKeeper implements ChunkHandler {
  readonly #topic: string;

  constructor(
    @Inject(tokens.lifecycleLog) private readonly lifecycle: LifecycleLog,
    @Inject(tokens.config) config: Config,
    private readonly cluster: KafkaCluster,
    private readonly deadLetters: DeadLetters,
    private readonly retryPolicy: RetryPolicy,
    private readonly metrics: DeliveryMetrics,
  ) {
    this.#topic = topicName(config.kafka, topics.lifecycle);
  }

  /** Before the first chunk, and whenever the topic may have been made anew. */
  open(): Promise<void> {
    return this.lifecycle.open(this.#topicId);
  }

  async process({ partition, messages }: Chunk, signal: AbortSignal): Promise<void> {
    const events: KeptEvent[] = [];
    for (const message of messages) {
      const event = this.#read(message, partition);
      if (event === null) await this.#refuse(message, partition, signal);
      else events.push(event);
    }
    await this.retryPolicy.retryForever('store', () => this.lifecycle.add(events), signal);
    for (const { type } of events) this.metrics.kept.inc({ type });
  }

  async commit({ partition, next }: Chunk, signal: AbortSignal): Promise<void> {
    const advance = (): Promise<void> => this.lifecycle.advance(this.#topicId, partition, Number(next));
    await this.retryPolicy.retryForever('store', advance, signal);
  }

  get #topicId(): string {
    return this.cluster.topicId(this.#topic) ?? '';
  }

  /** @returns null for what is no lifecycle event */
  #read({ value, offset }: ConsumedMessage, partition: number): KeptEvent | null {
    const text = value?.toString() ?? '';
    const { success, data: event } = lifecycleCloudEventSchema.safeParse(parseJson(text));
    if (!success) return null;
    const { executionId, processId, tenantId, sequence, occurredAt } = event.data;
    const place = { topicId: this.#topicId, partition, offset: Number(offset) };
    const names = { executionId, processId, tenantId, sequence, occurredAt };
    return { eventId: event.id, ...place, ...names, type: event.type, text };
  }

  /** Only our own publisher writes to the topic: what else is there is somebody's mistake. */
  async #refuse(message: ConsumedMessage, partition: number, signal: AbortSignal): Promise<void> {
    const reason = 'not_a_lifecycle_event';
    const letter = {
      reason,
      message: 'The message is no lifecycle event of signalbox',
      origin: { topic: this.#topic, partition, offset: message.offset, timestamp: message.timestamp },
      original: { ...message, headers: message.headers },
    };
    await this.retryPolicy.retryForever('Kafka', () => this.deadLetters.send(letter), signal);
    this.metrics.deadLetters.inc({ reason });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
