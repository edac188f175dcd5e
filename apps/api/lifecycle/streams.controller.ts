import { Controller, Get, Headers, Query, Res, UseGuards, UsePipes } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiExtension,
  ApiHeader,
  ApiIncludeEndpoint,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { lifecycleStreamQuery, type LifecycleStreamQuery } from '#libs/contracts/list-query.schema.ts';
import { SchemaPipe } from '../http/schema.pipe.ts';
import { errorCodes } from '../openapi/operation.decorator.ts';
import { CurrentSession, SessionGuard } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { StreamsService } from './streams.service.ts';

/** No envelope: the answer is a stream. */
@Controller('api/workflow/events')
@UseGuards(SessionGuard)
@UsePipes(SchemaPipe)
@ApiTags('Lifecycle events')
@ApiBearerAuth('session')
export class StreamsController {
  constructor(private readonly streams: StreamsService) {}

  @ApiIncludeEndpoint()
  @ApiOperation({
    operationId: 'MngStreamWorkflowLifecycleEvents',
    summary: 'Follow lifecycle events as Server-Sent Events, from a position on or from now on',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    description: 'The id of the last event that was received: the stream goes on behind it',
    required: false,
    schema: { type: 'string' },
  })
  @ApiResponse({
    status: 200,
    description:
      'Events named by their type, `data` a LifecycleEvent, `id` a position; `gap` where events are kept no longer; a ' +
      'comment every 15 s. It ends after API_STREAM_MS.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  @ApiExtension(errorCodes, [])
  @Get()
  follow(
    @CurrentSession() session: Session,
    @Query({ schema: lifecycleStreamQuery }) query: LifecycleStreamQuery,
    @Headers('Last-Event-ID') lastEventId: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    return this.streams.open(session, query, lastEventId, response);
  }
}
