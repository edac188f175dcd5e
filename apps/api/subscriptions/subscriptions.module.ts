/** Webhook subscriptions to lifecycle events. */
import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import type { LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import type { DeliveryAttempts, DeliveryCursors, PendingDeliveries } from '#libs/domain/subscriptions/delivery.ts';
import type { Subscriptions } from '#libs/domain/subscriptions/subscription.ts';
import { createHttpClient, type HttpClient } from '#libs/http/http-client.ts';
import { buildAdmin } from '#libs/subscriptions/build-admin.ts';
import type { ApiConfig } from '../api-config.ts';
import type { RuleReader } from '../rules/rule.reader.ts';
import { tokens } from '../tokens.ts';
import { DeliveriesController } from './deliveries.controller.ts';
import { RunDeliveriesController } from './run-deliveries.controller.ts';
import { RunDeliveriesService } from './run-deliveries.service.ts';
import { SubscriptionsController } from './subscriptions.controller.ts';
import { SubscriptionsService } from './subscriptions.service.ts';

const receivers = Symbol('client of receivers');

@Module({
  controllers: [SubscriptionsController, DeliveriesController, RunDeliveriesController],
  providers: [
    {
      provide: receivers,
      inject: [tokens.config],
      useFactory: (config: ApiConfig) => createHttpClient({ ...config.webhooks, userAgent: 'signalbox' }),
    },
    {
      provide: RunDeliveriesService,
      inject: [tokens.subscriptions, tokens.deliveryAttempts, tokens.pendingDeliveries, tokens.lifecycleLog],
      useFactory: (
        subscriptions: Subscriptions,
        attempts: DeliveryAttempts,
        pending: PendingDeliveries,
        lifecycle: LifecycleLog,
      ) => new RunDeliveriesService({ subscriptions, attempts, pending, lifecycle }),
    },
    {
      provide: SubscriptionsService,
      inject: [
        tokens.subscriptions,
        tokens.deliveryAttempts,
        tokens.pendingDeliveries,
        tokens.deliveryCursors,
        tokens.lifecycleLog,
        tokens.rules,
        tokens.audited,
        receivers,
        tokens.config,
      ],
      useFactory: (
        subscriptions: Subscriptions,
        attempts: DeliveryAttempts,
        pending: PendingDeliveries,
        cursors: DeliveryCursors,
        lifecycle: LifecycleLog,
        rules: RuleReader,
        audited: Audited,
        http: HttpClient,
        config: ApiConfig,
      ) => {
        const parts = { subscriptions, attempts, pending, cursors, lifecycle, rules, audited, http };
        const { admin, redelivery } = buildAdmin(parts, config);
        return new SubscriptionsService(admin, redelivery);
      },
    },
  ],
})
export class SubscriptionsModule implements OnApplicationShutdown {
  constructor(@Inject(receivers) private readonly http: HttpClient) {}

  onApplicationShutdown(): Promise<void> {
    return this.http.close();
  }
}
