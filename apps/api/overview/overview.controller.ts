import { Get, Query } from '@nestjs/common';
import { overviewQuery, type OverviewQuery } from '#libs/contracts/list-query.schema.ts';
import type { Session } from '../auth/authenticate.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { overviewAnswer, type OverviewView } from './overview.schema.ts';
import { OverviewService } from './overview.service.ts';

@ManagerController('overview', 'Overview')
export class OverviewController {
  constructor(private readonly overview: OverviewService) {}

  @Operation({
    id: 'MngGetWorkflowOverview',
    summary: 'How things stand: what runs, waits, is held and has failed, and how far the ingress lies behind',
    data: overviewAnswer,
  })
  @Get()
  async get(
    @CurrentSession() session: Session,
    @Query({ schema: overviewQuery }) { from }: OverviewQuery,
  ): Promise<{ overview: OverviewView }> {
    return { overview: await this.overview.overview(session, from ?? startOfDay()) };
  }
}

/** Of today in UTC. */
function startOfDay(): string {
  return `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`;
}
