import { Controller, Get, Inject, Param, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiIncludeEndpoint, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CurrentSession, SessionGuard } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { errorCodes, Operation } from '../openapi/operation.decorator.ts';
import { tokens } from '../tokens.ts';
import { runDataAnswer, type DataItemView } from './run-data.schema.ts';
import { RunDataService, type OpenedFile } from './run-data.service.ts';
import { visibleRun, type RunReader } from './run.reader.ts';

@ManagerController('runs/:id/data', 'Runs')
export class RunDataController {
  constructor(
    @Inject(tokens.runs) private readonly runs: RunReader,
    private readonly data: RunDataService,
  ) {}

  @Operation({
    id: 'MngGetWorkflowRunData',
    summary: 'Read the data items of a request, in the order of its process, with their values of now',
    data: runDataAnswer,
    errors: ['run_not_found'],
  })
  @Get()
  async list(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ data_items: DataItemView[] }> {
    const run = await visibleRun(this.runs, session, id);
    return { data_items: await this.data.list(run) };
  }
}

/** No envelope: the answer is a file. */
@Controller('api/workflow/runs/:id/data/:name/file')
@UseGuards(SessionGuard)
@ApiTags('Runs')
@ApiBearerAuth('session')
export class RunFileController {
  constructor(
    @Inject(tokens.runs) private readonly runs: RunReader,
    private readonly data: RunDataService,
  ) {}

  @ApiIncludeEndpoint()
  @ApiOperation({ operationId: 'MngGetWorkflowRunFile', summary: 'Download a file of a request' })
  @ApiResponse({
    status: 200,
    description: 'The file, of the media type that its sender stated, to be saved',
    content: { '*/*': { schema: { type: 'string', format: 'binary' } } },
  })
  @ApiExtension(errorCodes, ['run_not_found', 'file_not_found', 'files_unavailable'])
  @Get()
  async download(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Param('name') name: string,
    @Res() response: Response,
  ): Promise<void> {
    const run = await visibleRun(this.runs, session, id);
    await send(await this.data.openFile(run, name), response);
  }
}

/** The sender of the file chose its type and content: no browser is to show it, or to run anything of it as of here. */
async function send({ reference, size, content }: OpenedFile, response: Response): Promise<void> {
  response.attachment(reference.name);
  response.setHeader('Content-Type', reference.content_type);
  response.setHeader('Content-Length', size);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Security-Policy', "sandbox; default-src 'none'");
  response.setHeader('Cache-Control', 'no-store');
  try {
    await pipeline(Readable.from(content, { objectMode: false }), response);
  } catch (error) {
    // The caller has gone.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
  }
}
