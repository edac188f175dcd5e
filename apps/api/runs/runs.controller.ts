import { Get, Inject, Param, Query } from '@nestjs/common';
import { runCountQuery, runsQuery, type RunCountQuery, type RunsQuery } from '#libs/contracts/list-query.schema.ts';
import { toRunFilter } from '#libs/store/runs/run-selection.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { runAnswer, runCountAnswer, runsAnswer, type LiveRunView, type RunView } from './run.schema.ts';
import { tokens } from '../tokens.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { brandScope } from '../auth/brand-scope.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { visibleRun, type RunReader } from './run.reader.ts';
import { RunProgressService } from './run-progress.service.ts';
import { isUnderWay, runView } from './run.view.ts';

const maxCount = 1_000;

@ManagerController('runs', 'Runs')
export class RunsController {
  constructor(
    @Inject(tokens.runs) private readonly runs: RunReader,
    private readonly progress: RunProgressService,
  ) {}

  /** Newest first. */
  @Operation({ id: 'MngGetWorkflowRunLog', summary: 'List runs, newest first', data: runsAnswer })
  @Get()
  async list(
    @CurrentSession() session: Session,
    @Query({ schema: runsQuery }) query: RunsQuery,
  ): Promise<{ runs: RunView[]; next_cursor: string | null }> {
    const { limit, cursor, ...filter } = query;
    const page = await this.runs.list(toRunFilter(filter, brandScope(session, query.brand)), {
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    return {
      runs: page.items.map((run) => runView(run, (id) => this.progress.link(id))),
      next_cursor: page.nextCursor,
    };
  }

  /** No further than a thousand: for the views that people keep an eye on. */
  @Operation({
    id: 'MngCountWorkflowRuns',
    summary: 'Count the runs that match, up to 1,000',
    data: runCountAnswer,
  })
  @Get('count')
  async count(
    @CurrentSession() session: Session,
    @Query({ schema: runCountQuery }) query: RunCountQuery,
  ): Promise<{ count: number; more: boolean }> {
    const { count, isMore } = await this.runs.count(toRunFilter(query, brandScope(session, query.brand)), maxCount);
    return { count, more: isMore };
  }

  /** Of one that is under way, the actions are as the run itself tells now. */
  @Operation({
    id: 'MngGetWorkflowRun',
    summary: 'Read a run and its actions; of one under way, as the run itself tells now (`live`)',
    data: runAnswer,
    errors: ['run_not_found'],
  })
  @Get(':id')
  async get(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ run: LiveRunView }> {
    const run = await visibleRun(this.runs, session, id);
    const view = runView(run, (runId) => this.progress.link(runId));
    const progress = isUnderWay(run) ? await this.progress.read(id) : null;
    return { run: { ...view, paused_by: null, ...progress, live: progress !== null } };
  }
}
