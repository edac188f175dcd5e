import { Module } from '@nestjs/common';
import type { PersonNames } from '#libs/store/access/person-names.reader.ts';
import type { ApprovalRepository } from '#libs/store/approvals/approval.repository.ts';
import type { RunControl } from '#temporal/client/run-control.ts';
import type { RunReader } from '../runs/run.reader.ts';
import { RunsModule } from '../runs/runs.module.ts';
import { tokens } from '../tokens.ts';
import { ApprovalsController } from './approvals.controller.ts';
import { ApprovalsService } from './approvals.service.ts';
import { ExecutionsController } from './executions.controller.ts';

@Module({
  imports: [RunsModule],
  controllers: [ApprovalsController, ExecutionsController],
  providers: [
    {
      provide: ApprovalsService,
      inject: [tokens.approvals, tokens.runs, tokens.runControl, tokens.personNames],
      useFactory: (approvals: ApprovalRepository, runs: RunReader, control: RunControl, names: PersonNames) =>
        new ApprovalsService({ approvals, runs, control, namesOf: (userId, keys) => names.namesOf(userId, keys) }),
    },
  ],
  exports: [ApprovalsService],
})
export class ApprovalsModule {}
