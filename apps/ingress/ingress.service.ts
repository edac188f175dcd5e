/** Starts and ends what the process does: first the rules, then the events. */
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Connection } from '@temporalio/client';
import type { Config } from '#libs/config/config.ts';
import { PartitionWatch } from '#libs/kafka/partition-watch.ts';
import type { KafkaConsumer } from '#libs/kafka/ports.ts';
import type { BatchingProducer } from '#libs/kafka/producer.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { RetryPolicy } from '#libs/async/retry.ts';
import { PostponedLane } from './pipeline/postponed-lane.ts';
import { RuleSync } from './rule-sync.ts';
import { Upkeep } from './upkeep.ts';
import { StoreAccess } from '#libs/store/mongo/store-access.ts';
import { tokens } from './tokens.ts';

@Injectable()
export class IngressService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #ending = new AbortController();
  #starting: Promise<void> = Promise.resolve();
  readonly #config: Config;
  readonly #log: Logger;
  readonly #consumer: KafkaConsumer;
  readonly #partitions: PartitionWatch;
  readonly #lane: PostponedLane;
  readonly #rules: RuleSync;
  readonly #upkeep: Upkeep;
  readonly #producer: BatchingProducer;
  readonly #temporal: Connection;
  readonly #store: StoreAccess;
  readonly #kafkaCheck: { close(): Promise<void> };
  readonly #retryPolicy: RetryPolicy;

  constructor(
    @Inject(tokens.config) config: Config,
    @Inject(tokens.log) log: Logger,
    @Inject(tokens.consumer) consumer: KafkaConsumer,
    @Inject(PartitionWatch) partitions: PartitionWatch,
    @Inject(PostponedLane) lane: PostponedLane,
    @Inject(RuleSync) rules: RuleSync,
    @Inject(Upkeep) upkeep: Upkeep,
    @Inject(tokens.producer) producer: BatchingProducer,
    @Inject(tokens.temporal) temporal: Connection,
    @Inject(StoreAccess) store: StoreAccess,
    @Inject(tokens.kafkaCheck) kafkaCheck: { close(): Promise<void> },
    @Inject(RetryPolicy) retryPolicy: RetryPolicy,
  ) {
    this.#config = config;
    this.#log = log;
    this.#consumer = consumer;
    this.#partitions = partitions;
    this.#lane = lane;
    this.#rules = rules;
    this.#upkeep = upkeep;
    this.#producer = producer;
    this.#temporal = temporal;
    this.#store = store;
    this.#kafkaCheck = kafkaCheck;
    this.#retryPolicy = retryPolicy;
  }

  /** Does not wait: the process answers its operators while the servers it needs are still away. */
  onApplicationBootstrap(): void {
    this.#starting = this.#start().catch((error: unknown) => {
      if (this.#ending.signal.aborted) return;
      this.#log.fatal({ err: error }, 'the ingress cannot start');
      throw error;
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#ending.abort();
    await this.#starting;
    await this.#upkeep.stop();
    // Half of the time for what is under way, the other half to give everything back.
    await this.#consumer.stop(this.#config.process.shutdownGraceMs / 2);
    await this.#partitions.stop();
    await this.#lane.stop();
    await this.#rules.stop();
    await this.#producer.stop();
    await Promise.all([this.#temporal.close(), this.#kafkaCheck.close(), this.#store.close()]);
  }

  async #start(): Promise<void> {
    await this.#retryPolicy.retryForever('store', () => this.#store.prepare(), this.#ending.signal);
    // No event may be matched before the rules are known.
    await this.#retryPolicy.retryForever('store', () => this.#rules.start(), this.#ending.signal);
    if (this.#ending.signal.aborted) return;
    this.#consumer.start();
    this.#partitions.start();
    this.#lane.start();
    this.#upkeep.start();
  }
}
