import { Body, Get, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import {
  attemptsQuery,
  pendingDeliveriesQuery,
  redeliverBody,
  resendBody,
  type AttemptsQuery,
  type PageQuery,
  type RedeliverBody,
  type ResendBody,
} from '#libs/contracts/subscription.schema.ts';
import type { StartedRedelivery } from '#libs/subscriptions/redelivery.ts';
import { EmptyBodyInterceptor } from '../http/empty-body.interceptor.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import {
  attemptsAnswer,
  pendingAnswer,
  redeliveryAnswer,
  resentAnswer,
  testAnswer,
  type AttemptView,
  type PendingView,
  type TestView,
} from './subscription.schema.ts';
import { SubscriptionsService } from './subscriptions.service.ts';

/** What a subscription was sent, what it will be, and what it is to be sent again. */
@ManagerController('subscriptions/:id', 'Subscriptions')
@Roles(['SESSION_ADMIN'])
export class DeliveriesController {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  @Operation({
    id: 'MngTestWorkflowSubscription',
    summary: 'Send a subscription an event of no run at once, and tell what came of it',
    data: testAnswer,
    errors: ['subscription_not_found'],
  })
  @Post('test')
  @UseInterceptors(EmptyBodyInterceptor)
  async test(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ test: TestView }> {
    return { test: await this.subscriptions.test(session, id) };
  }

  @Operation({
    id: 'MngGetWorkflowSubscriptionAttempts',
    summary: 'List the requests to a subscription, newest first',
    data: attemptsAnswer,
    errors: ['subscription_not_found'],
  })
  @Get('attempts')
  attempts(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Query({ schema: attemptsQuery }) query: AttemptsQuery,
  ): Promise<{ attempts: AttemptView[]; next_cursor: string | null }> {
    return this.subscriptions.attempts(session, id, query);
  }

  @Operation({
    id: 'MngGetWorkflowSubscriptionPending',
    summary: 'List the runs whose events wait for their next attempt, those tried next first',
    data: pendingAnswer,
    errors: ['subscription_not_found'],
  })
  @Get('pending')
  pending(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Query({ schema: pendingDeliveriesQuery }) query: PageQuery,
  ): Promise<{ pending: PendingView[]; next_cursor: string | null }> {
    return this.subscriptions.pending(session, id, query);
  }

  @Operation({
    id: 'MngResendWorkflowSubscriptionEvent',
    summary: 'Send an event again, or try it now if it waits for its next attempt',
    status: 202,
    data: resentAnswer,
    errors: ['subscription_not_found', 'subscription_not_active', 'event_not_kept', 'not_subscribed'],
  })
  @Post('resend')
  async resend(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: resendBody }) { event_id }: ResendBody,
  ): Promise<{ event_id: string }> {
    await this.subscriptions.resend(session, id, event_id);
    return { event_id };
  }

  @Operation({
    id: 'MngRedeliverWorkflowSubscription',
    summary: 'Send the events of a range again, to this subscription alone',
    status: 202,
    data: redeliveryAnswer,
    errors: ['subscription_not_found', 'subscription_not_active', 'too_many_redeliveries', 'position_too_old'],
  })
  @Post('redeliver')
  redeliver(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: redeliverBody }) body: RedeliverBody,
  ): Promise<StartedRedelivery> {
    return this.subscriptions.redeliver(session, id, body);
  }
}
