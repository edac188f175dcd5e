/** The ingress process: consumes platform events and starts a run for every rule that matches. */
import { Module, type DynamicModule } from '@nestjs/common';
import type { Connection } from '@temporalio/client';
import type { Registry } from 'prom-client';
import type { Config } from '#libs/config/config.ts';
import { PartitionWatch } from '#libs/kafka/partition-watch.ts';
import type { KafkaConsumer } from '#libs/kafka/ports.ts';
import type { HealthCheck } from '#libs/telemetry/health.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { OperationsModule, type OperationsOptions } from '#libs/bootstrap/health.module.ts';
import type { AppContext } from '#libs/bootstrap/run-app.ts';
import { IngressService } from './ingress.service.ts';
import { PipelineModule } from './pipeline.module.ts';
import { ResourcesModule } from './resources.module.ts';
import { RuleSync } from './rule-sync.ts';
import { StoreAccess } from '#libs/store/mongo/store-access.ts';
import { temporalCheck } from '#temporal/client/connection.ts';
import { tokens } from './tokens.ts';

@Module({})
export class IngressModule {
  static register(context: AppContext<Config>): DynamicModule {
    const operations = OperationsModule.registerAsync({
      imports: [PipelineModule],
      inject: [
        tokens.kafkaCheck,
        tokens.consumer,
        PartitionWatch,
        RuleSync,
        StoreAccess,
        tokens.temporal,
        tokens.config,
        tokens.registry,
        tokens.log,
        tokens.stopping,
      ],
      useFactory: (
        kafka: HealthCheck,
        consumer: KafkaConsumer,
        partitions: PartitionWatch,
        rules: RuleSync,
        store: StoreAccess,
        temporal: Connection,
        config: Config,
        registry: Registry,
        log: Logger,
        stopping: AbortSignal,
      ): OperationsOptions => ({
        checks: [kafka, consumer, partitions, rules, store, temporalCheck(temporal, config.temporal.namespace)],
        registry,
        log,
        stopping,
      }),
    });
    return {
      module: IngressModule,
      imports: [ResourcesModule.register(context), PipelineModule, operations],
      providers: [IngressService],
    };
  }
}
