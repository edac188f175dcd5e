/** A member of the subscriber's consumer group, as long as the application lives. */
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import pLimit from 'p-limit';
import { RetryPolicy } from '#libs/async/retry.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { DeadLetters } from '#libs/kafka/dead-letter.ts';
import type { KafkaConsumer } from '#libs/kafka/ports.ts';
import { createBatchingProducer, type BatchingProducer } from '#libs/kafka/producer.ts';
import { topicName } from '#libs/kafka/topics.ts';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import { createLogger, type Logger } from '#libs/telemetry/logger.ts';
import { EventDelivery } from './event-delivery.ts';
import { HandlerCalls } from './handler-calls.ts';
import { findHandlers, type HandlerRegistry } from './handler-registry.ts';
import { LifecycleTopics } from '../lifecycle-topics.ts';
import { readOptions, toKafkaSettings, type WorkflowEventsOptions, type WorkflowEventsSettings } from './options.ts';

export const optionsToken = Symbol('WorkflowEventsOptions');

/** Messages of a partition that are taken together. */
const chunkSize = 100;
const partitionsAtOnce = 8;

interface Running {
  consumer: KafkaConsumer;
  delivery: EventDelivery;
  producer: BatchingProducer;
}

@Injectable()
export class WorkflowEventsService implements HealthCheck, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly name = 'workflow events';
  readonly #settings: WorkflowEventsSettings;
  readonly #discovery: DiscoveryService;
  readonly #log: Logger;
  #running: Running | null = null;

  constructor(
    @Inject(optionsToken) options: WorkflowEventsOptions,
    @Inject(DiscoveryService) discovery: DiscoveryService,
  ) {
    this.#settings = readOptions(options);
    this.#discovery = discovery;
    this.#log = this.#settings.log ?? createLogger(this.#settings.groupId, 'info');
  }

  /** Passes while this process is a member of its group. */
  async check(signal: AbortSignal): Promise<void> {
    await this.#running?.consumer.check(signal);
  }

  /** Does not wait for Kafka. */
  onApplicationBootstrap(): void {
    const handlers = findHandlers(this.#discovery);
    if (handlers.size === 0) {
      this.#log.warn('no provider is decorated with @OnWorkflowEvent: no workflow events are consumed');
      return;
    }
    this.#running = this.#start(handlers);
    this.#running.consumer.start();
  }

  /** Handlers end first, then what is done is committed, then the group is left. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.#running === null) return;
    const { consumer, delivery, producer } = this.#running;
    await delivery.stop(this.#settings.shutdownGraceMs);
    await consumer.stop(0);
    await producer.stop();
  }

  #start(handlers: HandlerRegistry): Running {
    const { groupId, topicPrefix, kafka: given, maxAhead } = this.#settings;
    const log = this.#log;
    const kafka = createKafka(toKafkaSettings(given), log);
    const producer = createBatchingProducer(kafka);
    const lifecycleTopics = new LifecycleTopics(kafka, { topicPrefix });
    const delivery: EventDelivery = new EventDelivery({
      groupId,
      handlers,
      calls: this.#calls(),
      deadLetters: new DeadLetters(producer, topicName({ topicPrefix }, topics.lifecycleDeadLetter)),
      retryPolicy: new RetryPolicy({ log, checks: {}, limitMs: Infinity }),
      commit: (topic, partition, next) => consumer.commit(topic, partition, next),
      maxAhead,
      log,
    });
    const consumer: KafkaConsumer = kafka.consumer({
      groupId,
      topics: [topicName({ topicPrefix }, topics.lifecycle)],
      handler: delivery,
      chunkSize,
      partitionsAtOnce,
      prepare: () => lifecycleTopics.prepare(),
      assigned: () => delivery.reassigned(),
      verify: async () => {
        delivery.verify();
        await lifecycleTopics.verify();
      },
    });
    return { consumer, delivery, producer };
  }

  #calls(): HandlerCalls {
    const { handlerTimeoutMs, retry, concurrency } = this.#settings;
    return new HandlerCalls({
      timeoutMs: handlerTimeoutMs,
      attempts: retry.attempts,
      pauses: { first: retry.firstPauseMs, longest: retry.longestPauseMs },
      limit: pLimit(concurrency),
      log: this.#log,
    });
  }
}
