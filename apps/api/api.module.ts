/** The API process, one module a feature. */
import { Module, type DynamicModule } from '@nestjs/common';
import type { Connection } from '@temporalio/client';
import { OperationsModule, type OperationsOptions } from '#libs/bootstrap/health.module.ts';
import type { AppContext } from '#libs/bootstrap/run-app.ts';
import { StoreAccess } from '#libs/store/mongo/store-access.ts';
import { temporalCheck } from '#temporal/client/connection.ts';
import type { ApiConfig } from './api-config.ts';
import { ApiKeysModule } from './api-keys/api-keys.module.ts';
import { ApprovalsModule } from './approvals/approvals.module.ts';
import { AuditModule } from './audit/audit.module.ts';
import { AuthModule } from './auth/auth.module.ts';
import { BacktestsModule } from './backtests/backtests.module.ts';
import { CrmModule } from './crm/crm.module.ts';
import { DirectoryModule } from './directory/directory.module.ts';
import { BulkOperationsModule } from './bulk-operations/bulk-operations.module.ts';
import { DeadLettersModule } from './dead-letters/dead-letters.module.ts';
import { ExplainModule } from './explain/explain.module.ts';
import { HooksModule } from './hooks/hooks.module.ts';
import type { StrangerConnections } from './http/stranger.connections.ts';
import { ImpactModule } from './impact/impact.module.ts';
import { LifecycleModule } from './lifecycle/lifecycle.module.ts';
import { OverviewModule } from './overview/overview.module.ts';
import { ProcessesModule } from './processes/processes.module.ts';
import { RegistryModule } from './registry/registry.module.ts';
import { ResourcesModule } from './resources.module.ts';
import { RulesModule } from './rules/rules.module.ts';
import { RunsModule } from './runs/runs.module.ts';
import { SessionModule } from './session/session.module.ts';
import { SubscriptionsModule } from './subscriptions/subscriptions.module.ts';
import { tokens } from './tokens.ts';
import { WorkflowWebhooksModule } from './workflow-webhooks/workflow-webhooks.module.ts';

@Module({})
export class ApiModule {
  static register(context: AppContext<ApiConfig>, strangers: StrangerConnections): DynamicModule {
    const { config, registry, log, stopping } = context;
    const operations = OperationsModule.registerAsync({
      inject: [StoreAccess, tokens.temporal],
      useFactory: (store: StoreAccess, temporal: Connection): OperationsOptions => ({
        checks: [store, temporalCheck(temporal, config.temporal.namespace)],
        registry,
        log,
        stopping,
      }),
    });
    return {
      module: ApiModule,
      imports: [
        ResourcesModule.register(context),
        AuthModule.register(strangers),
        operations,
        RegistryModule,
        DirectoryModule,
        RulesModule,
        OverviewModule,
        ProcessesModule,
        BacktestsModule,
        ImpactModule,
        ExplainModule,
        RunsModule,
        BulkOperationsModule,
        ApprovalsModule,
        CrmModule,
        LifecycleModule,
        DeadLettersModule,
        SubscriptionsModule,
        WorkflowWebhooksModule.register(strangers),
        HooksModule.register(strangers),
        ApiKeysModule,
        AuditModule,
        SessionModule,
      ],
    };
  }
}
