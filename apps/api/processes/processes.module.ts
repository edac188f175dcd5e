/** Processes: rules that incoming webhooks start. */
import { Module } from '@nestjs/common';
import type { Directory } from '#libs/store/directory/directory.ts';
import { StoreAccess } from '#libs/store/mongo/store-access.ts';
import { createRetryStore } from '#libs/store/runs/retry.repository.ts';
import type { RunNumbers } from '#libs/domain/runs/run-numbers.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { RunControlPorts } from '#temporal/client/run-control.ts';
import { createRequestStarter } from '#temporal/client/start-request.ts';
import { RunsModule } from '../runs/runs.module.ts';
import { tokens } from '../tokens.ts';
import { ProcessesController } from './processes.controller.ts';

@Module({
  imports: [RunsModule],
  controllers: [ProcessesController],
  providers: [
    {
      provide: tokens.startRequest,
      inject: [tokens.runControlPorts, StoreAccess, tokens.directory, tokens.runNumbers, tokens.log],
      useFactory: (
        { starter, failRun }: Pick<RunControlPorts, 'starter' | 'failRun'>,
        store: StoreAccess,
        directory: Directory,
        numbers: RunNumbers,
        log: Logger,
      ) =>
        createRequestStarter({
          directory,
          numbers,
          requests: store.repository(createRetryStore),
          starter,
          failRun,
          log,
        }),
    },
  ],
  exports: [tokens.startRequest],
})
export class ProcessesModule {}
