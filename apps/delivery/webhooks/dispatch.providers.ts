/** What the first attempts of webhooks are made with. */
import type { Provider } from '@nestjs/common';
import { RetryPolicy } from '#libs/async/retry.ts';
import type { Config } from '#libs/config/config.ts';
import type { LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import type { DeliveryAttempts, DeliveryCursors, PendingDeliveries } from '#libs/domain/subscriptions/delivery.ts';
import type { Subscriptions } from '#libs/domain/subscriptions/subscription.ts';
import type { SubscriptionHealth } from '#libs/subscriptions/subscription-health.ts';
import type { WebhookSender } from '#libs/subscriptions/webhook-sender.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { DeliveryMetrics } from '../delivery.metrics.ts';
import { tokens } from '../tokens.ts';
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import { SubscriptionCache } from './subscription-cache.ts';

export const dispatchParts: Provider[] = [
  {
    provide: SubscriptionCache,
    inject: [tokens.subscriptions],
    useFactory: (subscriptions: Subscriptions) => new SubscriptionCache(subscriptions),
  },
  {
    provide: Dispatcher,
    inject: [
      SubscriptionCache,
      tokens.lifecycleLog,
      tokens.deliveryAttempts,
      tokens.pendingDeliveries,
      tokens.deliveryCursors,
      tokens.webhookSender,
      tokens.wakeDelivery,
      tokens.subscriptionHealth,
      RetryPolicy,
      DeliveryMetrics,
      tokens.config,
      tokens.log,
    ],
    useFactory: (
      cache: SubscriptionCache,
      lifecycle: LifecycleLog,
      attempts: DeliveryAttempts,
      pending: PendingDeliveries,
      cursors: DeliveryCursors,
      sender: WebhookSender,
      wake: DispatcherOptions['wake'],
      health: SubscriptionHealth,
      retryPolicy: RetryPolicy,
      metrics: DeliveryMetrics,
      { subscriptions: { concurrency, firstAttemptMs } }: Config,
      log: Logger,
    ) => {
      const stores = { lifecycle, attempts, pending, cursors };
      const limits = { concurrency, timeoutMs: firstAttemptMs };
      const dispatcher = new Dispatcher({
        cache,
        ...stores,
        sender,
        wake,
        health,
        retryPolicy,
        ...limits,
        metrics,
        log,
      });
      metrics.watchBehind(() => dispatcher.behind);
      return dispatcher;
    },
  },
  { provide: tokens.attemptSlots, useExisting: Dispatcher },
];
