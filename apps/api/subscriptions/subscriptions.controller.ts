import { Body, Delete, Get, Headers, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import {
  addSubscriptionBody,
  subscriptionsQuery,
  updateSubscriptionBody,
  type AddSubscriptionBody,
  type PageQuery,
  type UpdateSubscriptionBody,
} from '#libs/contracts/subscription.schema.ts';
import type { Subscription } from '#libs/domain/subscriptions/subscription.ts';
import type { WithSecret } from '#libs/subscriptions/subscription-admin.ts';
import { EmptyBodyInterceptor } from '../http/empty-body.interceptor.ts';
import { idempotencyKey } from '../http/request-headers.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import {
  deletedSubscriptionAnswer,
  subscriptionAnswer,
  subscriptionsAnswer,
  withSecretAnswer,
} from './subscription.schema.ts';
import { SubscriptionsService } from './subscriptions.service.ts';

@ManagerController('subscriptions', 'Subscriptions')
@Roles(['SESSION_ADMIN'])
export class SubscriptionsController {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  @Operation({
    id: 'MngAddWorkflowSubscription',
    summary: 'Subscribe an address to lifecycle events; the answer is the only place that shows the secret',
    status: 201,
    data: withSecretAnswer,
    errors: ['subscription_made', 'too_many_subscriptions', 'invalid_header'],
    headers: ['Idempotency-Key'],
  })
  @Post()
  add(
    @CurrentSession() session: Session,
    @Body({ schema: addSubscriptionBody }) body: AddSubscriptionBody,
    @Headers('Idempotency-Key') key: string | undefined,
  ): Promise<WithSecret> {
    return this.subscriptions.add(session, body, idempotencyKey(key));
  }

  @Operation({
    id: 'MngGetWorkflowSubscriptions',
    summary: 'List subscriptions, newest first; never their secrets',
    data: subscriptionsAnswer,
  })
  @Get()
  list(
    @CurrentSession() session: Session,
    @Query({ schema: subscriptionsQuery }) query: PageQuery,
  ): Promise<{ subscriptions: Subscription[]; next_cursor: string | null }> {
    return this.subscriptions.list(session, query);
  }

  @Operation({
    id: 'MngGetWorkflowSubscription',
    summary: 'Read a subscription',
    data: subscriptionAnswer,
    errors: ['subscription_not_found'],
  })
  @Get(':id')
  async get(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ subscription: Subscription }> {
    return { subscription: await this.subscriptions.get(session, id) };
  }

  @Operation({
    id: 'MngUpdateWorkflowSubscription',
    summary: 'Change what a subscription is sent, and where to; what is left out stays as it is',
    data: subscriptionAnswer,
    errors: ['subscription_not_found'],
  })
  @Patch(':id')
  async update(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: updateSubscriptionBody }) body: UpdateSubscriptionBody,
  ): Promise<{ subscription: Subscription }> {
    return { subscription: await this.subscriptions.update(session, id, body) };
  }

  @Operation({
    id: 'MngPauseWorkflowSubscription',
    summary: 'Send a subscription nothing until it is resumed; its events are kept',
    data: subscriptionAnswer,
    errors: ['subscription_not_found'],
  })
  @Post(':id/pause')
  @UseInterceptors(EmptyBodyInterceptor)
  async pause(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ subscription: Subscription }> {
    return { subscription: await this.subscriptions.pause(session, id) };
  }

  @Operation({
    id: 'MngResumeWorkflowSubscription',
    summary: 'Send a subscription what it has missed and what comes, also one that was disabled',
    data: subscriptionAnswer,
    errors: ['subscription_not_found'],
  })
  @Post(':id/resume')
  @UseInterceptors(EmptyBodyInterceptor)
  async resume(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ subscription: Subscription }> {
    return { subscription: await this.subscriptions.resume(session, id) };
  }

  @Operation({
    id: 'MngRotateWorkflowSubscriptionSecret',
    summary: 'Give a subscription another secret; the one before it signs beside it for 24 hours',
    data: withSecretAnswer,
    errors: ['subscription_not_found', 'too_many_rotations'],
  })
  @Post(':id/rotate')
  @UseInterceptors(EmptyBodyInterceptor)
  rotate(@CurrentSession() session: Session, @Param('id') id: string): Promise<WithSecret> {
    return this.subscriptions.rotate(session, id);
  }

  @Operation({
    id: 'MngDeleteWorkflowSubscription',
    summary: 'Delete a subscription, and what waits for it',
    data: deletedSubscriptionAnswer,
    errors: ['subscription_not_found'],
  })
  @Delete(':id')
  @UseInterceptors(EmptyBodyInterceptor)
  async delete(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ subscription_id: string }> {
    await this.subscriptions.delete(session, id);
    return { subscription_id: id };
  }
}
