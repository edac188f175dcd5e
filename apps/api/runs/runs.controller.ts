import { Get, Inject, Param, Query } from '@nestjs/common';
import { runsQuery, type RunsQuery } from '#libs/contracts/list-query.schema.ts';
import type { RunFilter } from '#libs/store/runs/run-log.repository.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { brandScope } from '../auth/brand-scope.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { runReader, visibleRun, type RunReader } from './run.reader.ts';
import { liveRuns, type LiveRuns } from './run-progress.service.ts';
import { isUnderWay, runView, type LiveRunView, type RunView } from './run.view.ts';

@ManagerController('runs')
export class RunsController {
  readonly #runs: RunReader;
  readonly #live: LiveRuns;

  constructor(@Inject(runReader) runs: RunReader, @Inject(liveRuns) live: LiveRuns) {
    this.#runs = runs;
    this.#live = live;
  }

  /** Newest first. */
  @Get()
  async list(
    @CurrentSession() session: Session,
    @Query({ schema: runsQuery }) query: RunsQuery,
  ): Promise<{ runs: RunView[]; next_cursor: string | null }> {
    const { limit, cursor, ...filter } = query;
    const page = await this.#runs.list(runFilter({ ...filter, brand: brandScope(session, query.brand) }), {
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    return { runs: page.items.map((run) => runView(run, (id) => this.#live.link(id))), next_cursor: page.nextCursor };
  }

  /** Of one that is under way, the actions are as the run itself tells now. */
  @Get(':id')
  async get(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ run: LiveRunView }> {
    const run = await visibleRun(this.#runs, session, id);
    const view = runView(run, (runId) => this.#live.link(runId));
    const actions = isUnderWay(run) ? await this.#live.outcomes(id) : null;
    return { run: actions === null ? { ...view, live: false } : { ...view, actions, live: true } };
  }
}

type Asked = Omit<RunsQuery, 'limit' | 'cursor' | 'brand'> & { brand: string | string[] | undefined };

function runFilter({ rule_id, customer_id, event_id, ...same }: Asked): RunFilter {
  const all = { ...same, ruleId: rule_id, customerId: customer_id, eventId: event_id };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
