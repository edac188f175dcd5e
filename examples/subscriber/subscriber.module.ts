/** The whole service: a connection to the events, a handler, and what the handler needs. */
import { Module, type DynamicModule } from '@nestjs/common';
import { WorkflowEventsModule } from '#libs/lifecycle/handlers/workflow-events.module.ts';
import type { SubscriberConfig } from './config.ts';
import { WebhookService, webhookUrls } from './webhook.service.ts';
import { WorkflowWebhookHandler } from './workflow-webhook.handler.ts';

@Module({})
export class SubscriberModule {
  static register({ brokers, topicPrefix, groupId, webhooks }: SubscriberConfig): DynamicModule {
    return {
      module: SubscriberModule,
      imports: [WorkflowEventsModule.forRoot({ kafka: { brokers }, topicPrefix, groupId })],
      providers: [{ provide: webhookUrls, useValue: webhooks }, WebhookService, WorkflowWebhookHandler],
    };
  }
}
