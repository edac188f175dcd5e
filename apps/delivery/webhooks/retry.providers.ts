/** The parts of the delivery process that try events again which wait for a subscription. */
import type { Provider } from '@nestjs/common';
import { WorkflowClient, type Connection } from '@temporalio/client';
import type { Registry } from 'prom-client';
import { RetryPolicy } from '#libs/async/retry.ts';
import type { Config } from '#libs/config/config.ts';
import type { LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import type {
  DeliveryAttempts,
  DeliveryCursors,
  DeliveryKey,
  PendingDeliveries,
} from '#libs/domain/subscriptions/delivery.ts';
import type { Subscriptions } from '#libs/domain/subscriptions/subscription.ts';
import { createHttpClient, type HttpClient } from '#libs/http/http-client.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
import { createDirectoryActions } from '#libs/store/directory/directory.actions.ts';
import { StoreAccess } from '#libs/store/mongo/store-access.ts';
import { createDeliveryAttempts } from '#libs/store/subscriptions/delivery-attempt.repository.ts';
import { createDeliveryCursors } from '#libs/store/subscriptions/delivery-cursor.repository.ts';
import { createPendingDeliveries } from '#libs/store/subscriptions/pending-delivery.repository.ts';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import type { AttemptSlots } from '#libs/subscriptions/attempt-slots.ts';
import { SubscriptionAlerts } from '#libs/subscriptions/subscription-alerts.ts';
import { createSubscriptionHealth, type SubscriptionHealth } from '#libs/subscriptions/subscription-health.ts';
import { SubscriptionMetrics } from '#libs/subscriptions/subscription-metrics.ts';
import { createWebhookSender, type WebhookSender } from '#libs/subscriptions/webhook-sender.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { createDeliveryActivities } from '#temporal/activities/delivery/attempt-delivery.activity.ts';
import { openTemporal } from '#temporal/client/connection.ts';
import { wakeDelivery } from '#temporal/client/deliveries.ts';
import { tokens } from '../tokens.ts';
import { DeliveryWorker } from './delivery-worker.ts';
import { QueueSweeper } from './queue-sweeper.ts';
import { WebhookRetries } from './webhook-retries.ts';

const stored: Provider[] = [
  {
    provide: tokens.subscriptions,
    inject: [StoreAccess],
    useFactory: (store: StoreAccess) => store.repository(createSubscriptions),
  },
  {
    provide: tokens.pendingDeliveries,
    inject: [StoreAccess],
    useFactory: (store: StoreAccess) => store.repository(createPendingDeliveries),
  },
  {
    provide: tokens.deliveryAttempts,
    inject: [StoreAccess],
    useFactory: (store: StoreAccess) => store.repository(createDeliveryAttempts),
  },
  {
    provide: tokens.deliveryCursors,
    inject: [StoreAccess],
    useFactory: (store: StoreAccess) => store.repository(createDeliveryCursors),
  },
];

const shared: Provider[] = [
  {
    provide: tokens.temporal,
    inject: [tokens.config],
    useFactory: (config: Config) => openTemporal(config.temporal),
  },
  {
    provide: tokens.wakeDelivery,
    inject: [tokens.temporal, tokens.config],
    useFactory: (connection: Connection, { temporal }: Config) => {
      const client = new WorkflowClient({ connection, namespace: temporal.namespace });
      return (key: DeliveryKey, lookAt?: string) => wakeDelivery(client, temporal.taskQueue, key, lookAt);
    },
  },
  {
    provide: tokens.webhookClient,
    inject: [tokens.config],
    useFactory: (config: Config) => createHttpClient({ ...config.webhooks, userAgent: 'signalbox' }),
  },
  {
    provide: tokens.webhookSender,
    inject: [tokens.webhookClient],
    useFactory: (http: HttpClient) => createWebhookSender(http),
  },
  {
    provide: SubscriptionMetrics,
    inject: [tokens.registry],
    useFactory: (registry: Registry) => new SubscriptionMetrics(registry),
  },
  {
    provide: SubscriptionAlerts,
    inject: [StoreAccess, SubscriptionMetrics, tokens.config, tokens.log],
    useFactory: (store: StoreAccess, metrics: SubscriptionMetrics, config: Config, log: Logger) =>
      new SubscriptionAlerts({
        directory: store.repository(createDirectoryActions),
        notifications: store.repository(createNotificationStore),
        audit: store.repository(createAuditLog),
        metrics,
        log,
        failureHours: config.subscriptions.failureHours,
      }),
  },
  {
    provide: tokens.subscriptionHealth,
    inject: [tokens.subscriptions, SubscriptionAlerts, tokens.config],
    useFactory: (subscriptions: Subscriptions, alerts: SubscriptionAlerts, config: Config) =>
      createSubscriptionHealth({ subscriptions, alerts, failureHours: config.subscriptions.failureHours }),
  },
];

const working: Provider[] = [
  { provide: tokens.queuesAtWork, useFactory: () => new Set<string>() },
  {
    provide: DeliveryWorker,
    inject: [
      tokens.subscriptions,
      tokens.pendingDeliveries,
      tokens.deliveryAttempts,
      tokens.lifecycleLog,
      tokens.webhookSender,
      tokens.attemptSlots,
      tokens.queuesAtWork,
      tokens.subscriptionHealth,
      SubscriptionMetrics,
      RetryPolicy,
      tokens.config,
      tokens.log,
    ],
    useFactory: (
      subscriptions: Subscriptions,
      pending: PendingDeliveries,
      attempts: DeliveryAttempts,
      lifecycle: LifecycleLog,
      sender: WebhookSender,
      slots: AttemptSlots,
      atWork: Set<string>,
      health: SubscriptionHealth,
      metrics: SubscriptionMetrics,
      retryPolicy: RetryPolicy,
      config: Config,
      log: Logger,
    ) => {
      const lost = (reason: string): void => metrics.lost.inc({ reason });
      const ports = { subscriptions, pending, attempts, lifecycle, sender, slots, atWork, health, lost, log };
      const activities = createDeliveryActivities({ ...ports, limits: config.subscriptions });
      return new DeliveryWorker({ config, activities, retryPolicy, log });
    },
  },
  {
    provide: QueueSweeper,
    inject: [
      tokens.subscriptions,
      tokens.pendingDeliveries,
      tokens.deliveryCursors,
      tokens.deliveryAttempts,
      tokens.queuesAtWork,
      tokens.wakeDelivery,
      SubscriptionMetrics,
      RetryPolicy,
      tokens.config,
      tokens.log,
    ],
    useFactory: (
      subscriptions: Subscriptions,
      pending: PendingDeliveries,
      cursors: DeliveryCursors,
      attempts: DeliveryAttempts,
      atWork: ReadonlySet<string>,
      wake: (key: DeliveryKey) => Promise<void>,
      metrics: SubscriptionMetrics,
      retryPolicy: RetryPolicy,
      config: Config,
      log: Logger,
    ) => {
      const ports = { subscriptions, pending, cursors, attempts, atWork, wake, metrics, retryPolicy, log };
      const { pollMs } = config.subscriptions;
      return new QueueSweeper({ ...ports, pollMs, keepDays: config.delivery.eventDays });
    },
  },
  {
    provide: WebhookRetries,
    inject: [DeliveryWorker, QueueSweeper, tokens.temporal],
    useFactory: (worker: DeliveryWorker, sweeper: QueueSweeper, temporal: Connection) =>
      new WebhookRetries({ worker, sweeper, temporal }),
  },
];

/** The parts that first attempts share come with them: stores, client, slots, health of subscriptions. */
export const retryParts: Provider[] = [...stored, ...shared, ...working];
