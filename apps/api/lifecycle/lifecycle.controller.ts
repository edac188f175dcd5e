import { Get, Param, Query } from '@nestjs/common';
import {
  eventsOfRunQuery,
  lifecycleEventsQuery,
  type EventsOfRunQuery,
  type LifecycleEventsQuery,
} from '#libs/contracts/list-query.schema.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import {
  eventsOfRunAnswer,
  lifecycleEventsAnswer,
  type EventsOfRunView,
  type LifecycleEventsView,
} from './lifecycle.schema.ts';
import { LifecycleService } from './lifecycle.service.ts';

/** What runs have told, for those who missed it. */
@ManagerController('lifecycle-events', 'Lifecycle events')
export class LifecycleEventsController {
  constructor(private readonly lifecycle: LifecycleService) {}

  @Operation({
    id: 'MngGetWorkflowLifecycleEvents',
    summary: 'Read lifecycle events from a position on, the events of a run in their order',
    data: lifecycleEventsAnswer,
    errors: ['position_too_old'],
  })
  @Get()
  list(
    @CurrentSession() session: Session,
    @Query({ schema: lifecycleEventsQuery }) query: LifecycleEventsQuery,
  ): Promise<LifecycleEventsView> {
    return this.lifecycle.list(session, query);
  }
}

@ManagerController('runs/:id/events', 'Lifecycle events')
export class EventsOfRunController {
  constructor(private readonly lifecycle: LifecycleService) {}

  @Operation({
    id: 'MngGetWorkflowRunEvents',
    summary: 'Read the lifecycle events of a run in their order',
    data: eventsOfRunAnswer,
    errors: ['run_not_found'],
  })
  @Get()
  list(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Query({ schema: eventsOfRunQuery }) query: EventsOfRunQuery,
  ): Promise<EventsOfRunView> {
    return this.lifecycle.ofRun(session, id, query);
  }
}
