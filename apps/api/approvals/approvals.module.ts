import { Module } from '@nestjs/common';
import type { PersonNames } from '#libs/store/access/person-names.reader.ts';
import type { ApprovalRepository } from '#libs/store/approvals/approval.repository.ts';
import { StoreAccess } from '#libs/store/mongo/store-access.ts';
import { createRetryStore } from '#libs/store/runs/retry.repository.ts';
import type { RunControl } from '#temporal/client/run-control.ts';
import type { RunReader } from '../runs/run.reader.ts';
import { RunsModule } from '../runs/runs.module.ts';
import { tokens } from '../tokens.ts';
import { ApprovalBackground } from './approval.background.ts';
import { ApprovalsController } from './approvals.controller.ts';
import { ApprovalsService } from './approvals.service.ts';
import { ExecutionsController } from './executions.controller.ts';

@Module({
  imports: [RunsModule],
  controllers: [ApprovalsController, ExecutionsController],
  providers: [
    {
      provide: ApprovalBackground,
      inject: [StoreAccess, tokens.runs],
      useFactory: (store: StoreAccess, runs: RunReader) =>
        new ApprovalBackground({ runs, inputs: store.repository(createRetryStore) }),
    },
    {
      provide: ApprovalsService,
      inject: [tokens.approvals, tokens.runs, tokens.runControl, tokens.personNames, ApprovalBackground],
      useFactory: (
        approvals: ApprovalRepository,
        runs: RunReader,
        control: RunControl,
        names: PersonNames,
        background: ApprovalBackground,
      ) =>
        new ApprovalsService({
          approvals,
          runs,
          control,
          background,
          namesOf: (userId, keys) => names.namesOf(userId, keys),
        }),
    },
  ],
  exports: [ApprovalsService],
})
export class ApprovalsModule {}
