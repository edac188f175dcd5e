import { Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Subscriptions } from '#libs/domain/subscriptions/subscription.ts';
import { createKafka } from '#libs/kafka/client.ts';
import type { ApprovalRepository } from '#libs/store/approvals/approval.repository.ts';
import type { RunRecords } from '#libs/store/runs/run-log.repository.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { ApiConfig } from '../api-config.ts';
import { ApprovalsModule } from '../approvals/approvals.module.ts';
import { ApprovalsService } from '../approvals/approvals.service.ts';
import { tokens } from '../tokens.ts';
import { IngressLag } from './ingress-lag.ts';
import { OverviewController } from './overview.controller.ts';
import { OverviewParts } from './overview-parts.ts';
import { OverviewService } from './overview.service.ts';

@Module({
  imports: [ApprovalsModule],
  controllers: [OverviewController],
  providers: [
    {
      provide: IngressLag,
      inject: [tokens.config, tokens.log],
      useFactory: ({ kafka }: ApiConfig, log: Logger) => new IngressLag(createKafka(kafka, log), kafka),
    },
    {
      provide: OverviewService,
      inject: [tokens.runs, tokens.approvals, ApprovalsService, tokens.subscriptions, IngressLag, tokens.log],
      useFactory: (
        runs: RunRecords,
        approvals: ApprovalRepository,
        views: ApprovalsService,
        subscriptions: Subscriptions,
        lag: IngressLag,
        log: Logger,
      ) => new OverviewService({ runs, approvals, views, subscriptions, lag, parts: new OverviewParts(log) }),
    },
  ],
})
export class OverviewModule implements OnApplicationShutdown {
  constructor(private readonly lag: IngressLag) {}

  onApplicationShutdown(): Promise<void> {
    return this.lag.close();
  }
}
