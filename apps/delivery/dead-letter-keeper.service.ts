/** Keeps the dead letters in the store, where they can be looked at and sent again. */
import { Inject, Injectable } from '@nestjs/common';
import { RetryPolicy } from '#libs/async/retry.ts';
import type { Config } from '#libs/config/config.ts';
import { readDeadLetter } from '#libs/dead-letters/read-dead-letter.ts';
import type { DeadLetterStore, KeptDeadLetter } from '#libs/domain/events/dead-letter.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { Chunk, ChunkHandler } from '#libs/kafka/chunk.ts';
import { KafkaCluster } from '#libs/kafka/cluster.ts';
import { topicName } from '#libs/kafka/topics.ts';
import { tokens } from './tokens.ts';

/** One of them may take megabytes. */
const lettersPerWrite = 20;
const dayMs = 24 * 60 * 60 * 1000;

@Injectable()
export class DeadLetterKeeper implements ChunkHandler {
  readonly topic: string;
  readonly #prefix: string;
  readonly #days: number;

  constructor(
    @Inject(tokens.deadLetterStore) private readonly letters: DeadLetterStore,
    @Inject(tokens.config) config: Config,
    private readonly cluster: KafkaCluster,
    private readonly retryPolicy: RetryPolicy,
  ) {
    this.topic = topicName(config.kafka, topics.deadLetter);
    this.#prefix = config.kafka.topicPrefix;
    this.#days = config.delivery.deadLetterDays;
  }

  async process({ partition, messages }: Chunk, signal: AbortSignal): Promise<void> {
    const topicId = this.cluster.topicId(this.topic) ?? '';
    const oldest = this.#oldest();
    for (let at = 0; at < messages.length; at += lettersPerWrite) {
      const letters: KeptDeadLetter[] = messages
        .slice(at, at + lettersPerWrite)
        .map((message) => readDeadLetter(message, { topicId, partition, offset: BigInt(message.offset) }, this.#prefix))
        // One that was forgotten must not come back as one that was never sent again.
        .filter((letter) => letter.at >= oldest);
      await this.retryPolicy.retryForever('store', () => this.letters.add(letters), signal);
    }
  }

  /** @returns how many were forgotten; 0 = none is left that old */
  forget(): Promise<number> {
    return this.letters.forget(this.#oldest());
  }

  #oldest(): string {
    return new Date(Date.now() - this.#days * dayMs).toISOString();
  }
}
