/** Everything outside the process that the ingress talks to. */
import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Connection } from '@temporalio/client';
import type { Registry } from 'prom-client';
import type { Config } from '#libs/config/config.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { KafkaCluster } from '#libs/kafka/cluster.ts';
import { kafkaCheck } from '#libs/kafka/health.ts';
import type { KafkaConnection } from '#libs/kafka/ports.ts';
import { createBatchingProducer } from '#libs/kafka/producer.ts';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { AppContext } from '#libs/bootstrap/run-app.ts';
import { IngressMetrics } from './metrics.ts';
import { RetryPolicy } from '#libs/async/retry.ts';
import { StoreAccess } from '#libs/store/mongo/store-access.ts';
import { isTemporalBusy, openTemporal, temporalCheck } from '#temporal/client/connection.ts';
import { tokens } from './tokens.ts';

@Global()
@Module({})
export class ResourcesModule {
  static register({ config, log, registry, stopping }: AppContext<Config>): DynamicModule {
    const given = [
      { provide: tokens.config, useValue: config },
      { provide: tokens.log, useValue: log },
      { provide: tokens.registry, useValue: registry },
      { provide: tokens.stopping, useValue: stopping },
    ];
    const made = [
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
        provide: tokens.temporal,
        inject: [tokens.config],
        useFactory: (config: Config) => openTemporal(config.temporal),
      },
      {
        provide: StoreAccess,
        inject: [tokens.config, tokens.log],
        useFactory: (config: Config, log: Logger) => new StoreAccess(config.store.uri, log),
      },
      {
        provide: IngressMetrics,
        inject: [tokens.registry],
        useFactory: (registry: Registry) => new IngressMetrics(registry),
      },
      {
        provide: RetryPolicy,
        inject: [StoreAccess, tokens.temporal, tokens.kafkaCheck, tokens.config, tokens.log],
        useFactory: (store: StoreAccess, temporal: Connection, kafka: HealthCheck, config: Config, log: Logger) => {
          const runs = temporalCheck(temporal, config.temporal.namespace);
          return new RetryPolicy({
            checks: {
              store: (signal) => store.probe(signal),
              Temporal: (signal) => runs.check(signal),
              Kafka: (signal) => kafka.check(signal),
            },
            isBusy: isTemporalBusy,
            limitMs: config.ingress.retryMs,
            log,
          });
        },
      },
    ];
    return { module: ResourcesModule, providers: [...given, ...made], exports: [...given, ...made] };
  }
}
