/** One command to many runs. */
import { Module } from '@nestjs/common';
import { Client } from '@temporalio/client';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import { StoreAccess } from '#libs/store/mongo/store-access.ts';
import { createBulkOperations } from '#libs/store/runs/bulk-operation.repository.ts';
import { createBulkOutcomes } from '#libs/store/runs/bulk-outcome.repository.ts';
import { createBulkStarter } from '#temporal/client/bulk-starter.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { ApiConfig } from '../api-config.ts';
import type { RunReader } from '../runs/run.reader.ts';
import { tokens } from '../tokens.ts';
import { BulkOperationsController } from './bulk-operations.controller.ts';
import { BulkOperationsService } from './bulk-operations.service.ts';

@Module({
  controllers: [BulkOperationsController],
  providers: [
    {
      provide: BulkOperationsService,
      inject: [StoreAccess, Client, tokens.runs, tokens.audited, tokens.config, tokens.log],
      useFactory: (
        store: StoreAccess,
        { workflow }: Client,
        runs: RunReader,
        audited: Audited,
        { temporal, commands, bulk }: ApiConfig,
        log: Logger,
      ) =>
        new BulkOperationsService({
          operations: store.repository(createBulkOperations),
          outcomes: store.repository(createBulkOutcomes),
          starter: createBulkStarter(workflow, temporal.taskQueue, commands.timeoutMs),
          runs,
          audited,
          maxRuns: bulk.maxRuns,
          log,
        }),
    },
  ],
})
export class BulkOperationsModule {}
