import { Module } from '@nestjs/common';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import type { EvaluatedEvents } from '#libs/domain/matching/evaluated-event.ts';
import { DirectoryEditor } from '#libs/directory/directory-editor.ts';
import { DirectoryLists } from '#libs/directory/directory-lists.ts';
import type { Directory } from '#libs/store/directory/directory.ts';
import { ComputePool } from '../compute/compute.pool.ts';
import { tokens } from '../tokens.ts';
import { DirectoryController } from './directory.controller.ts';
import { DirectoryService } from './directory.service.ts';
import { TemplatePreviewService } from './template-preview.service.ts';

@Module({
  controllers: [DirectoryController],
  providers: [
    {
      provide: DirectoryService,
      inject: [tokens.directory, tokens.audited],
      useFactory: (directory: Directory, audited: Audited) =>
        new DirectoryService(directory, new DirectoryLists(directory), new DirectoryEditor({ directory, audited })),
    },
    {
      provide: TemplatePreviewService,
      inject: [tokens.evaluatedEvents, ComputePool],
      useFactory: (events: EvaluatedEvents, compute: ComputePool) => new TemplatePreviewService(events, compute),
    },
  ],
})
export class DirectoryModule {}
