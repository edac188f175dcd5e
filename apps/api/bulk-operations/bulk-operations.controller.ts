import { Body, Get, Headers, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import {
  bulkBody,
  bulkOutcomesQuery,
  bulkPreviewBody,
  bulkQuery,
  type BulkBody,
  type BulkOutcomesQuery,
  type BulkPreviewBody,
  type BulkQuery,
} from '#libs/contracts/bulk-operation.schema.ts';
import { EmptyBodyInterceptor } from '../http/empty-body.interceptor.ts';
import { idempotencyKey } from '../http/request-headers.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import {
  bulkAnswer,
  bulkOutcomesAnswer,
  bulkPreviewAnswer,
  bulksAnswer,
  toBulkView,
  type BulkOutcomeView,
  type BulkPreviewView,
  type BulkView,
} from './bulk-operation.schema.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { BulkOperationsService } from './bulk-operations.service.ts';

/** One command to all runs that match a filter. */
@ManagerController('bulk-operations', 'Runs')
@Roles(['SESSION_ADMIN'])
export class BulkOperationsController {
  constructor(private readonly bulk: BulkOperationsService) {}

  @Operation({
    id: 'MngPreviewWorkflowBulkOperation',
    summary: 'Count the runs that a command would be given to; nothing is done',
    data: bulkPreviewAnswer,
  })
  @Post('preview')
  preview(
    @CurrentSession() session: Session,
    @Body({ schema: bulkPreviewBody }) body: BulkPreviewBody,
  ): Promise<BulkPreviewView> {
    return this.bulk.preview(session, body);
  }

  @Operation({
    id: 'MngStartWorkflowBulkOperation',
    summary: 'Give a command to all runs that matched when they were counted; it is worked off by the worker',
    status: 202,
    data: bulkAnswer,
    errors: ['bulk_count_changed', 'too_many_runs', 'idempotency_key_reused', 'invalid_header'],
    headers: ['Idempotency-Key'],
  })
  @Post()
  async start(
    @CurrentSession() session: Session,
    @Body({ schema: bulkBody }) body: BulkBody,
    @Headers('Idempotency-Key') key: string | undefined,
  ): Promise<{ bulk_operation: BulkView }> {
    return { bulk_operation: toBulkView(await this.bulk.start(session, body, idempotencyKey(key))) };
  }

  @Operation({ id: 'MngGetWorkflowBulkOperations', summary: 'List bulk operations, newest first', data: bulksAnswer })
  @Get()
  async list(
    @CurrentSession() session: Session,
    @Query({ schema: bulkQuery }) query: BulkQuery,
  ): Promise<{ bulk_operations: BulkView[]; next_cursor: string | null }> {
    const { items, nextCursor } = await this.bulk.list(session, query);
    return { bulk_operations: items.map(toBulkView), next_cursor: nextCursor };
  }

  @Operation({
    id: 'MngGetWorkflowBulkOperation',
    summary: 'Ask how far a bulk operation is',
    data: bulkAnswer,
    errors: ['bulk_operation_not_found'],
  })
  @Get(':id')
  async get(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ bulk_operation: BulkView }> {
    return { bulk_operation: toBulkView(await this.bulk.get(session, id)) };
  }

  @Operation({
    id: 'MngGetWorkflowBulkOutcomes',
    summary: 'List the runs of a bulk operation and what came of each, the oldest run first',
    data: bulkOutcomesAnswer,
    errors: ['bulk_operation_not_found'],
  })
  @Get(':id/outcomes')
  async outcomes(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Query({ schema: bulkOutcomesQuery }) query: BulkOutcomesQuery,
  ): Promise<{ outcomes: BulkOutcomeView[]; next_cursor: string | null }> {
    const { items, nextCursor } = await this.bulk.outcomes(session, id, query);
    return { outcomes: items, next_cursor: nextCursor };
  }

  /** One that has ended stays as it is. */
  @Operation({
    id: 'MngStopWorkflowBulkOperation',
    summary: 'Stop a bulk operation; runs that have had the command keep what it did',
    data: bulkAnswer,
    errors: ['bulk_operation_not_found', 'temporal_unavailable', 'outcome_unknown'],
  })
  @Post(':id/stop')
  @UseInterceptors(EmptyBodyInterceptor)
  async stop(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ bulk_operation: BulkView }> {
    return { bulk_operation: toBulkView(await this.bulk.stop(session, id)) };
  }
}
