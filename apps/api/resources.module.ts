/** What every part of the API shares: the store and its repositories, Temporal, and the threads that compute. */
import {
  Global,
  Inject,
  Module,
  type DynamicModule,
  type FactoryProvider,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Client, type Connection as TemporalConnection } from '@temporalio/client';
import type { Connection } from 'mongoose';
import type { AppContext } from '#libs/bootstrap/run-app.ts';
import { createAudited } from '#libs/domain/access/audit-log.ts';
import { createApiKeys } from '#libs/store/access/api-key.repository.ts';
import { createAuditLog, type AuditLog } from '#libs/store/access/audit.repository.ts';
import { createFileStore } from '#libs/files/create-file-store.ts';
import { createPersonNames } from '#libs/store/access/person-names.reader.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createAssignmentStore } from '#libs/store/crm/assignment.repository.ts';
import { createNoteStore } from '#libs/store/crm/note.repository.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
import { createTaskStore } from '#libs/store/crm/task.repository.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createUserReader } from '#libs/store/directory/user.reader.ts';
import { createDeadLetters } from '#libs/store/events/dead-letter.repository.ts';
import { createObservedEventTypes } from '#libs/store/events/observed-event-type.repository.ts';
import { createWebhookApplications } from '#libs/store/hooks/webhook-application.repository.ts';
import { StoreAccess, type Repository } from '#libs/store/mongo/store-access.ts';
import { createLifecycleLog } from '#libs/store/lifecycle/lifecycle-log.repository.ts';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createRuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import { createEvaluatedEvents } from '#libs/store/runs/evaluated-event.repository.ts';
import { createProcesses } from '#libs/store/rules/process.repository.ts';
import { createRuleActivity } from '#libs/store/runs/rule-activity.reader.ts';
import { createRunNumbers } from '#libs/store/runs/run-number.repository.ts';
import { createRunData } from '#libs/store/runs/run-data.repository.ts';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { createDeliveryAttempts } from '#libs/store/subscriptions/delivery-attempt.repository.ts';
import { createDeliveryCursors } from '#libs/store/subscriptions/delivery-cursor.repository.ts';
import { createPendingDeliveries } from '#libs/store/subscriptions/pending-delivery.repository.ts';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import { createWebhookClaims } from '#libs/store/workflow-webhooks/webhook-claim.repository.ts';
import { createWorkflowWebhooks } from '#libs/store/workflow-webhooks/workflow-webhook.repository.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { openTemporal } from '#temporal/client/connection.ts';
import type { ApiConfig } from './api-config.ts';
import { ComputePool } from './compute/compute.pool.ts';
import { tokens } from './tokens.ts';

@Global()
@Module({})
export class ResourcesModule implements OnApplicationShutdown {
  constructor(
    private readonly store: StoreAccess,
    @Inject(tokens.temporal) private readonly temporal: TemporalConnection,
    @Inject(tokens.files) private readonly files: ReturnType<typeof createFileStore>,
    private readonly compute: ComputePool,
  ) {}

  static register({ config, log, registry }: AppContext<ApiConfig>): DynamicModule {
    const providers = [
      { provide: tokens.config, useValue: config },
      { provide: tokens.log, useValue: log },
      { provide: tokens.registry, useValue: registry },
      ...connections,
      ...repositories,
    ];
    return { module: ResourcesModule, providers, exports: providers };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.store, this.temporal, this.files, this.compute].map((resource) => resource.close()));
  }
}

const connections: FactoryProvider[] = [
  {
    provide: StoreAccess,
    inject: [tokens.config, tokens.log],
    useFactory: (config: ApiConfig, log: Logger) => new StoreAccess(config.store.uri, log),
  },
  {
    provide: tokens.temporal,
    inject: [tokens.config],
    useFactory: (config: ApiConfig) => openTemporal(config.temporal),
  },
  {
    provide: Client,
    inject: [tokens.temporal, tokens.config],
    useFactory: (connection: TemporalConnection, config: ApiConfig) =>
      new Client({ connection, namespace: config.temporal.namespace }),
  },
  {
    provide: tokens.files,
    inject: [tokens.config],
    useFactory: (config: ApiConfig) => createFileStore(config.files),
  },
  {
    provide: ComputePool,
    inject: [tokens.config],
    useFactory: (config: ApiConfig) =>
      new ComputePool({
        threads: config.api.computeThreads,
        budgetMs: config.api.computeMs,
        perUser: config.api.computePerUser,
      }),
  },
  {
    provide: tokens.audited,
    inject: [tokens.auditLog, tokens.log],
    useFactory: (audit: AuditLog, log: Logger) =>
      createAudited(audit, (error) => log.error({ err: error }, 'the outcome of a write could not be noted')),
  },
];

function repository<T extends Repository<T>>(provide: symbol, make: (connection: Connection) => T): FactoryProvider {
  return { provide, inject: [StoreAccess], useFactory: (store: StoreAccess) => store.repository(make) };
}

const repositories: FactoryProvider[] = [
  repository(tokens.rules, createRuleRepository),
  repository(tokens.ruleVersions, createRuleVersions),
  repository(tokens.processes, createProcesses),
  repository(tokens.runs, createRunRecords),
  repository(tokens.ruleActivity, createRuleActivity),
  repository(tokens.runData, createRunData),
  repository(tokens.runNumbers, (connection) => createRunNumbers(connection)),
  repository(tokens.approvals, createApprovals),
  repository(tokens.tasks, createTaskStore),
  repository(tokens.notes, createNoteStore),
  repository(tokens.notifications, createNotificationStore),
  repository(tokens.assignments, createAssignmentStore),
  repository(tokens.lifecycleLog, createLifecycleLog),
  repository(tokens.deadLetters, createDeadLetters),
  repository(tokens.observedEventTypes, createObservedEventTypes),
  repository(tokens.evaluatedEvents, createEvaluatedEvents),
  repository(tokens.apiKeys, createApiKeys),
  repository(tokens.auditLog, createAuditLog),
  repository(tokens.personNames, createPersonNames),
  repository(tokens.users, createUserReader),
  repository(tokens.webhookApplications, createWebhookApplications),
  repository(tokens.subscriptions, createSubscriptions),
  repository(tokens.deliveryAttempts, createDeliveryAttempts),
  repository(tokens.pendingDeliveries, createPendingDeliveries),
  repository(tokens.deliveryCursors, createDeliveryCursors),
  repository(tokens.workflowWebhooks, createWorkflowWebhooks),
  repository(tokens.webhookClaims, createWebhookClaims),
  {
    provide: tokens.directory,
    inject: [StoreAccess, tokens.config],
    useFactory: (store: StoreAccess, config: ApiConfig) =>
      store.repository((connection) => createDirectory(connection, config.accounts.maxPerCustomer)),
  },
];
