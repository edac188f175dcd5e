import { Get, Inject, Param } from '@nestjs/common';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { visibleRun, type RunReader } from '../runs/run.reader.ts';
import { tokens } from '../tokens.ts';
import { RunDeliveriesService } from './run-deliveries.service.ts';
import { runDeliveriesAnswer, type RunDeliveryView } from './subscription.schema.ts';

/** For those who look after subscriptions: what became of the events of a run. */
@ManagerController('runs/:id/deliveries', 'Subscriptions')
@Roles(['SESSION_ADMIN'])
export class RunDeliveriesController {
  constructor(
    @Inject(tokens.runs) private readonly runs: RunReader,
    private readonly deliveries: RunDeliveriesService,
  ) {}

  @Operation({
    id: 'MngGetWorkflowRunDeliveries',
    summary: 'For each webhook subscription, the attempts at the first 50 lifecycle events of a run',
    data: runDeliveriesAnswer,
    errors: ['run_not_found'],
  })
  @Get()
  async list(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ deliveries: RunDeliveryView[] }> {
    const { run_id } = await visibleRun(this.runs, session, id);
    return { deliveries: await this.deliveries.list(session, run_id) };
  }
}
