/** Workflow webhooks: their administration, and the doors at which the back ends of brokers report events. */
import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type FactoryProvider,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Registry } from 'prom-client';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { WebhookClaims } from '#libs/domain/workflow-webhooks/webhook-claim.ts';
import type { WorkflowWebhooks } from '#libs/domain/workflow-webhooks/workflow-webhook.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { createBatchingProducer, type BatchingProducer } from '#libs/kafka/producer.ts';
import { topicName } from '#libs/kafka/topics.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { WebhookAdmin } from '#libs/workflow-webhooks/webhook-admin.ts';
import type { ApiConfig } from '../api-config.ts';
import { RateLimit } from '../auth/rate-limiter.ts';
import { StrangerConnections } from '../http/stranger.connections.ts';
import { tokens } from '../tokens.ts';
import { ClaimUpkeep } from './claim-upkeep.ts';
import { EventRates } from './event-rates.ts';
import { PublicationNotes } from './publication-notes.ts';
import { PublicWebhooksController } from './public.controller.ts';
import { SessionTokens } from './session-tokens.ts';
import { WebhookCache } from './webhook-cache.ts';
import { WebhookDoors } from './webhook-doors.ts';
import { WebhookIntake } from './webhook-intake.ts';
import { WebhookMetrics } from './webhook-metrics.ts';
import { WorkflowWebhooksController } from './workflow-webhooks.controller.ts';

const producer = Symbol('producer of reported events');

@Module({})
export class WorkflowWebhooksModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(producer) private readonly reports: BatchingProducer,
    private readonly notes: PublicationNotes,
  ) {}

  /** @param strangers connections of those who have shown neither a session nor a key or token */
  static register(strangers: StrangerConnections): DynamicModule {
    return {
      module: WorkflowWebhooksModule,
      controllers: [WorkflowWebhooksController, PublicWebhooksController],
      providers: [...providers, EventRates, { provide: StrangerConnections, useValue: strangers }],
    };
  }

  /** While the store is still there. */
  beforeApplicationShutdown(): Promise<void> {
    return this.notes.flush();
  }

  onApplicationShutdown(): Promise<void> {
    return this.reports.stop();
  }
}

const providers: FactoryProvider[] = [
  {
    provide: producer,
    inject: [tokens.config, tokens.log],
    // Connects with the first event: an API that is sent none needs no Kafka.
    useFactory: (config: ApiConfig, log: Logger) => createBatchingProducer(createKafka(config.kafka, log)),
  },
  {
    provide: WebhookCache,
    inject: [tokens.workflowWebhooks, tokens.log],
    useFactory: (webhooks: WorkflowWebhooks, log: Logger) => new WebhookCache(webhooks, log),
  },
  {
    provide: WebhookAdmin,
    inject: [tokens.workflowWebhooks, tokens.audited, WebhookCache, tokens.config],
    useFactory: (webhooks: WorkflowWebhooks, audited: Audited, cache: WebhookCache, config: ApiConfig) =>
      new WebhookAdmin({
        webhooks,
        audited,
        keyOverlapHours: config.workflowWebhooks.keyOverlapHours,
        onChange: () => cache.forget(),
      }),
  },
  {
    provide: WebhookDoors,
    inject: [WebhookCache, tokens.config, tokens.log],
    useFactory: (cache: WebhookCache, { workflowWebhooks: { tokenSecret }, api }: ApiConfig, log: Logger) => {
      if (tokenSecret === undefined) {
        log.warn('WEBHOOK_TOKEN_SECRET is not set: workflow webhooks give no session tokens (503)');
      }
      return new WebhookDoors({
        cache,
        tokens: tokenSecret === undefined ? null : new SessionTokens(tokenSecret),
        failures: new RateLimit(api.authFailuresPerMinute),
      });
    },
  },
  {
    provide: WebhookMetrics,
    inject: [tokens.registry],
    useFactory: (registry: Registry) => new WebhookMetrics(registry),
  },
  {
    provide: PublicationNotes,
    inject: [tokens.webhookClaims, tokens.log],
    useFactory: (claims: WebhookClaims, log: Logger) => new PublicationNotes(claims, log),
  },
  {
    provide: WebhookIntake,
    inject: [tokens.webhookClaims, PublicationNotes, producer, tokens.config],
    useFactory: (claims: WebhookClaims, notes: PublicationNotes, reports: BatchingProducer, config: ApiConfig) =>
      new WebhookIntake({ claims, notes, producer: reports, topic: topicName(config.kafka, topics.crm) }),
  },
  {
    provide: ClaimUpkeep,
    inject: [tokens.webhookClaims, tokens.config, tokens.log],
    useFactory: (claims: WebhookClaims, config: ApiConfig, log: Logger) =>
      new ClaimUpkeep({ claims, days: config.workflowWebhooks.idempotencyDays, log }),
  },
];
