/** The delivery process: what it talks to, and the parts that work on the events. */
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { AppContext } from '#libs/bootstrap/run-app.ts';
import { OperationsModule, type OperationsOptions } from '#libs/bootstrap/health.module.ts';
import type { Config } from '#libs/config/config.ts';
import { RetryPolicy } from '#libs/async/retry.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { KafkaCluster } from '#libs/kafka/cluster.ts';
import { DeadLetters } from '#libs/kafka/dead-letter.ts';
import { kafkaCheck } from '#libs/kafka/health.ts';
import { PartitionWatch } from '#libs/kafka/partition-watch.ts';
import type { KafkaConnection, KafkaConsumer } from '#libs/kafka/ports.ts';
import { createBatchingProducer, type BatchingProducer } from '#libs/kafka/producer.ts';
import { topicName } from '#libs/kafka/topics.ts';
import { createDeadLetters } from '#libs/store/events/dead-letter.repository.ts';
import { createLifecycleLog } from '#libs/store/lifecycle/lifecycle-log.repository.ts';
import { StoreAccess } from '#libs/store/mongo/store-access.ts';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { DeadLetterKeeper } from './dead-letter-keeper.service.ts';
import { DeliveryMetrics } from './delivery.metrics.ts';
import { DeliveryService } from './delivery.service.ts';
import { EventKeeper } from './event-keeper.service.ts';
import { tokens } from './tokens.ts';
import { TopicRouter } from './topic-router.ts';
import { DeliveryWorker } from './webhooks/delivery-worker.ts';
import { dispatchParts } from './webhooks/dispatch.providers.ts';
import { retryParts } from './webhooks/retry.providers.ts';

/** Messages kept together, at most. */
const chunkSize = 500;
const partitionsAtOnce = 8;
/** A tenth of the writes where events come one at a time; readers wait for their poll anyway. */
const lingerMs = 200;

@Module({})
export class DeliveryModule {
  /** @param extraMetrics of the Temporal SDK */
  static register(
    { config, log, registry, stopping }: AppContext<Config>,
    extraMetrics: () => Promise<string>,
  ): DynamicModule {
    const given: Provider[] = [
      { provide: tokens.registry, useValue: registry },
      { provide: tokens.config, useValue: config },
      { provide: tokens.log, useValue: log },
      { provide: DeliveryMetrics, useValue: new DeliveryMetrics(registry) },
    ];
    const operations = OperationsModule.registerAsync({
      imports: [PartsModule.register(given)],
      inject: [tokens.kafkaCheck, tokens.consumer, PartitionWatch, StoreAccess, DeliveryWorker],
      useFactory: (
        kafka: HealthCheck,
        consumer: KafkaConsumer,
        partitions: PartitionWatch,
        store: StoreAccess,
        worker: DeliveryWorker,
      ): OperationsOptions => ({
        checks: [kafka, consumer, partitions, store, worker],
        registry,
        log,
        extraMetrics,
        stopping,
      }),
    });
    return { module: DeliveryModule, imports: [operations] };
  }
}

const parts: Provider[] = [
  {
    provide: tokens.kafka,
    inject: [tokens.config, tokens.log],
    useFactory: (config: Config, log: Logger) => createKafka(config.kafka, log),
  },
  {
    provide: tokens.kafkaCheck,
    inject: [tokens.kafka, tokens.config],
    useFactory: (kafka: KafkaConnection, config: Config) => kafkaCheck(kafka, config.kafka),
  },
  {
    provide: KafkaCluster,
    inject: [tokens.kafka, tokens.config],
    useFactory: (kafka: KafkaConnection, config: Config) => new KafkaCluster(kafka, config.kafka),
  },
  {
    provide: tokens.producer,
    inject: [tokens.kafka],
    useFactory: (kafka: KafkaConnection) => createBatchingProducer(kafka),
  },
  {
    provide: DeadLetters,
    inject: [tokens.producer, tokens.config],
    useFactory: (producer: BatchingProducer, config: Config) =>
      new DeadLetters(producer, topicName(config.kafka, topics.deadLetter)),
  },
  {
    provide: StoreAccess,
    inject: [tokens.config, tokens.log],
    useFactory: (config: Config, log: Logger) => new StoreAccess(config.store.uri, log),
  },
  {
    provide: tokens.lifecycleLog,
    inject: [StoreAccess],
    useFactory: (store: StoreAccess) => store.repository(createLifecycleLog),
  },
  {
    provide: tokens.deadLetterStore,
    inject: [StoreAccess],
    useFactory: (store: StoreAccess) => store.repository(createDeadLetters),
  },
  {
    provide: RetryPolicy,
    inject: [StoreAccess, tokens.kafkaCheck, tokens.config, tokens.log],
    useFactory: (store: StoreAccess, kafka: HealthCheck, config: Config, log: Logger) =>
      new RetryPolicy({
        // Without a check of its own, Temporal counts as away whenever it fails.
        checks: { store: (signal) => store.probe(signal), Kafka: (signal) => kafka.check(signal) },
        limitMs: config.ingress.retryMs,
        log,
      }),
  },
  {
    provide: PartitionWatch,
    inject: [tokens.kafka, DeliveryMetrics, tokens.config, tokens.log],
    useFactory: (kafka: KafkaConnection, metrics: DeliveryMetrics, config: Config, log: Logger) =>
      new PartitionWatch({
        kafka,
        groupId: config.delivery.groupId,
        topics: [topicName(config.kafka, topics.lifecycle)],
        intervalMs: config.ingress.lagIntervalMs,
        stallMs: config.ingress.stallMs,
        report: (states) => metrics.report(states),
        log,
      }),
  },
  EventKeeper,
  DeadLetterKeeper,
  {
    provide: tokens.consumer,
    inject: [tokens.kafka, KafkaCluster, EventKeeper, DeadLetterKeeper, PartitionWatch, tokens.config],
    useFactory: (
      kafka: KafkaConnection,
      cluster: KafkaCluster,
      keeper: EventKeeper,
      deadLetters: DeadLetterKeeper,
      partitions: PartitionWatch,
      config: Config,
    ) =>
      kafka.consumer({
        groupId: config.delivery.groupId,
        topics: [topicName(config.kafka, topics.lifecycle), deadLetters.topic],
        handler: new TopicRouter({
          [topicName(config.kafka, topics.lifecycle)]: keeper,
          [deadLetters.topic]: deadLetters,
        }),
        chunkSize,
        partitionsAtOnce,
        lingerMs,
        prepare: async () => {
          await cluster.prepare();
          await keeper.open();
        },
        assigned: (assignment) => {
          partitions.assigned(assignment);
          keeper.assigned(assignment);
        },
        verify: () => cluster.verifyTopics(),
      }),
  },
  ...retryParts,
  ...dispatchParts,
  DeliveryService,
];

@Module({})
class PartsModule {
  static register(given: Provider[]): DynamicModule {
    const providers = [...given, ...parts];
    return { module: PartsModule, providers, exports: providers };
  }
}
