import { Body, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import {
  addRecordBody,
  recordsQuery,
  replaceRecordBody,
  templatePreviewBody,
  type AddRecordBody,
  type RecordsQuery,
  type ReplaceRecordBody,
  type TemplatePreviewBody,
} from '#libs/contracts/directory-record.schema.ts';
import { directoryKinds } from '#libs/domain/directory/directory-data.ts';
import type { Session } from '../auth/authenticate.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import {
  recordAnswer,
  recordsAnswer,
  templatePreviewAnswer,
  type RecordAnswer,
  type RecordsAnswer,
  type TemplatePreview,
} from './directory.schema.ts';
import { DirectoryService } from './directory.service.ts';
import { TemplatePreviewService } from './template-preview.service.ts';

const kindParam = { name: 'kind', enum: [...directoryKinds] } as const;

@ManagerController('directory', 'Directory')
export class DirectoryController {
  constructor(
    private readonly directory: DirectoryService,
    private readonly previews: TemplatePreviewService,
  ) {}

  @Operation({
    id: 'MngGetWorkflowDirectoryRecords',
    summary: 'List the records of a kind, in the order of their ids; never secrets of endpoints',
    data: recordsAnswer,
    errors: ['not_found'],
  })
  @ApiParam(kindParam)
  @Get(':kind')
  list(
    @CurrentSession() session: Session,
    @Param('kind') kind: string,
    @Query({ schema: recordsQuery }) query: RecordsQuery,
  ): Promise<RecordsAnswer> {
    return this.directory.list(session, kind, query);
  }

  @Operation({
    id: 'MngGetWorkflowDirectoryRecord',
    summary: 'Read a record of the directory, and the version that a change of it names',
    data: recordAnswer,
    errors: ['not_found', 'record_not_found'],
  })
  @ApiParam(kindParam)
  @Get(':kind/:id')
  get(@CurrentSession() session: Session, @Param('kind') kind: string, @Param('id') id: string): Promise<RecordAnswer> {
    return this.directory.get(session, kind, id);
  }

  @Operation({
    id: 'MngAddWorkflowDirectoryRecord',
    summary: 'Add a record to the directory; the same request sent again adds nothing and answers the same',
    status: 201,
    data: recordAnswer,
    errors: ['record_exists'],
  })
  @Post()
  @Roles(['SESSION_ADMIN'])
  add(@CurrentSession() session: Session, @Body({ schema: addRecordBody }) body: AddRecordBody): Promise<RecordAnswer> {
    return this.directory.add(session, body);
  }

  @Operation({
    id: 'MngReplaceWorkflowDirectoryRecord',
    summary: 'Replace a record, on the version that was read; of accounts and customers, set the fields that are given',
    data: recordAnswer,
    errors: ['not_found', 'record_not_found', 'version_conflict'],
  })
  @ApiParam(kindParam)
  @Put(':kind/:id')
  @Roles(['SESSION_ADMIN'])
  replace(
    @CurrentSession() session: Session,
    @Param('kind') kind: string,
    @Param('id') id: string,
    @Body({ schema: replaceRecordBody }) body: ReplaceRecordBody,
  ): Promise<RecordAnswer> {
    return this.directory.replace(session, kind, id, body);
  }

  /** Stores and sends nothing. */
  @Operation({
    id: 'MngPreviewWorkflowTemplate',
    summary: 'Show what a template makes of the data of an event, or of a sample; nothing is stored or sent',
    data: templatePreviewAnswer,
    errors: ['event_not_kept', 'too_costly'],
  })
  @Post('templates/preview')
  async preview(
    @CurrentSession() session: Session,
    @Body({ schema: templatePreviewBody }) body: TemplatePreviewBody,
  ): Promise<{ preview: TemplatePreview }> {
    return { preview: await this.previews.show(session, body) };
  }
}
