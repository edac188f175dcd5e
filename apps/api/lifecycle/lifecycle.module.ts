/** Lifecycle events: read again, and followed as they happen. */
import { Module } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import type { LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import { EventReader } from '#libs/lifecycle/event-reader.ts';
import type { ApprovalRepository } from '#libs/store/approvals/approval.repository.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { ApiConfig } from '../api-config.ts';
import { ApprovalsModule } from '../approvals/approvals.module.ts';
import { ApprovalsService } from '../approvals/approvals.service.ts';
import type { RunReader } from '../runs/run.reader.ts';
import { tokens } from '../tokens.ts';
import { EventVisibility } from './event-visibility.ts';
import { EventsOfRunController, LifecycleEventsController } from './lifecycle.controller.ts';
import { LifecycleService } from './lifecycle.service.ts';
import { RecentEvents } from './recent-events.ts';
import { StreamsController } from './streams.controller.ts';
import { StreamsService } from './streams.service.ts';

@Module({
  imports: [ApprovalsModule],
  controllers: [LifecycleEventsController, EventsOfRunController, StreamsController],
  providers: [
    {
      provide: EventVisibility,
      inject: [tokens.approvals, ApprovalsService],
      useFactory: (approvals: ApprovalRepository, service: ApprovalsService) =>
        new EventVisibility({ approvals, mayAnswer: (session, approval) => service.mayAnswer(session, approval) }),
    },
    {
      provide: EventReader,
      inject: [tokens.lifecycleLog],
      useFactory: (lifecycle: LifecycleLog) => new EventReader(lifecycle),
    },
    {
      provide: LifecycleService,
      inject: [tokens.lifecycleLog, EventReader, tokens.runs, EventVisibility],
      useFactory: (lifecycle: LifecycleLog, reader: EventReader, runs: RunReader, visibility: EventVisibility) =>
        new LifecycleService({ lifecycle, reader, runs, visibility }),
    },
    {
      provide: StreamsService,
      inject: [EventReader, EventVisibility, tokens.config, tokens.log, tokens.registry],
      useFactory: (
        reader: EventReader,
        visibility: EventVisibility,
        config: ApiConfig,
        log: Logger,
        registry: Registry,
      ) => {
        const { streams: all, streamsPerUser: perUser, streamMs, streamStallMs: stallMs } = config.api;
        const recent = new RecentEvents(reader, log);
        const open = new Gauge({
          name: 'signalbox_event_streams',
          help: 'Streams of lifecycle events that are open',
          registers: [registry],
        });
        const limits = { all, perUser };
        return new StreamsService({ reader, recent, visibility, limits, streamMs, stallMs, open, log });
      },
    },
  ],
})
export class LifecycleModule {}
