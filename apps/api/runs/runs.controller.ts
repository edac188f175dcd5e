import { Get, Inject, Param, Query } from '@nestjs/common';
import { runsQuery, type RunsQuery } from '#libs/contracts/list-query.schema.ts';
import type { RunFilter } from '#libs/store/run-record.repository.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { brandScope } from '../session/brand-scope.ts';
import { CurrentSession } from '../session/session.guard.ts';
import type { Session } from '../session/session.ts';
import { runReader, visibleRun, type RunReader } from './run.reader.ts';
import { runView, type RunView } from './run.view.ts';

@ManagerController('runs')
export class RunsController {
  readonly #runs: RunReader;

  constructor(@Inject(runReader) runs: RunReader) {
    this.#runs = runs;
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
    return { runs: page.items.map(runView), next_cursor: page.nextCursor };
  }

  @Get(':id')
  async get(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ run: RunView }> {
    return { run: runView(await visibleRun(this.#runs, session, id)) };
  }
}

type Asked = Omit<RunsQuery, 'limit' | 'cursor' | 'brand'> & { brand: string | string[] | undefined };

function runFilter({ rule_id, customer_id, event_id, ...same }: Asked): RunFilter {
  const all = { ...same, ruleId: rule_id, customerId: customer_id, eventId: event_id };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
