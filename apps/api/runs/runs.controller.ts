import { Get, Inject, Param, Query } from '@nestjs/common';
import { runsQuery, type RunsQuery } from '#libs/contracts/list-query.schema.ts';
import type { RunFilter } from '#libs/store/runs/run-log.repository.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { runAnswer, runsAnswer, type LiveRunView, type RunView } from './run.schema.ts';
import { tokens } from '../tokens.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { brandScope } from '../auth/brand-scope.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { visibleRun, type RunReader } from './run.reader.ts';
import { RunProgressService } from './run-progress.service.ts';
import { isUnderWay, runView } from './run.view.ts';

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
    const page = await this.runs.list(runFilter({ ...filter, brand: brandScope(session, query.brand) }), {
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    return {
      runs: page.items.map((run) => runView(run, (id) => this.progress.link(id))),
      next_cursor: page.nextCursor,
    };
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
    const actions = isUnderWay(run) ? await this.progress.outcomes(id) : null;
    return { run: actions === null ? { ...view, live: false } : { ...view, actions, live: true } };
  }
}

type Asked = Omit<RunsQuery, 'limit' | 'cursor' | 'brand'> & { brand: string | string[] | undefined };

function runFilter({ rule_id, customer_id, event_id, ...same }: Asked): RunFilter {
  const all = { ...same, ruleId: rule_id, customerId: customer_id, eventId: event_id };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
