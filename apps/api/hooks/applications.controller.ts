import { Body, Delete, Get, Headers, Inject, Param, Patch, Post, Query, Req, UseInterceptors } from '@nestjs/common';
import type { Request } from 'express';
import {
  addApplicationBody,
  applicationsQuery,
  updateApplicationBody,
  type AddApplicationBody,
  type ApplicationsQuery,
  type UpdateApplicationBody,
} from '#libs/contracts/webhook-application.schema.ts';
import type { WebhookApplication } from '#libs/domain/hooks/webhook-application.ts';
import { hookUrl, type WithToken } from '#libs/hooks/application-admin.ts';
import type { ApiConfig } from '../api-config.ts';
import { EmptyBodyInterceptor } from '../http/empty-body.interceptor.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { publicBase } from '../http/public-base.ts';
import { idempotencyKey } from '../http/request-headers.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import type { Session } from '../auth/authenticate.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import {
  applicationAnswer,
  applicationsAnswer,
  deletedApplicationAnswer,
  withTokenAnswer,
} from './application.schema.ts';
import { ApplicationsService } from './applications.service.ts';
import { tokens } from '../tokens.ts';

type WithUrl = WithToken & { url: string };

@ManagerController('hooks', 'Incoming webhooks')
@Roles(['SESSION_ADMIN'])
export class ApplicationsController {
  constructor(
    private readonly applications: ApplicationsService,
    @Inject(tokens.config) private readonly config: ApiConfig,
  ) {}

  @Operation({
    id: 'MngAddWorkflowHook',
    summary: 'Make an incoming webhook application; the answer is the only place that shows its URL and token',
    status: 201,
    data: withTokenAnswer,
    errors: ['application_made', 'invalid_header'],
    headers: ['Idempotency-Key'],
  })
  @Post()
  async add(
    @Req() request: Request,
    @CurrentSession() session: Session,
    @Body({ schema: addApplicationBody }) body: AddApplicationBody,
    @Headers('Idempotency-Key') key: string | undefined,
  ): Promise<WithUrl> {
    return this.#withUrl(request, await this.applications.add(session, body, idempotencyKey(key)));
  }

  @Operation({
    id: 'MngGetWorkflowHooks',
    summary: 'List incoming webhook applications, newest first; never their tokens',
    data: applicationsAnswer,
  })
  @Get()
  list(
    @CurrentSession() session: Session,
    @Query({ schema: applicationsQuery }) query: ApplicationsQuery,
  ): Promise<{ applications: WebhookApplication[]; next_cursor: string | null }> {
    return this.applications.list(session, query);
  }

  @Operation({
    id: 'MngGetWorkflowHook',
    summary: 'Read an incoming webhook application',
    data: applicationAnswer,
    errors: ['application_not_found'],
  })
  @Get(':id')
  async get(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ application: WebhookApplication }> {
    return { application: await this.applications.get(session, id) };
  }

  @Operation({
    id: 'MngUpdateWorkflowHook',
    summary: 'Change an incoming webhook application; what is left out stays as it is',
    data: applicationAnswer,
    errors: ['application_not_found', 'version_conflict'],
  })
  @Patch(':id')
  async update(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: updateApplicationBody }) body: UpdateApplicationBody,
  ): Promise<{ application: WebhookApplication }> {
    return { application: await this.applications.update(session, id, body) };
  }

  @Operation({
    id: 'MngEnableWorkflowHook',
    summary: 'Let an incoming webhook application be used again, under the token it has',
    data: applicationAnswer,
    errors: ['application_not_found'],
  })
  @Post(':id/enable')
  @UseInterceptors(EmptyBodyInterceptor)
  async enable(
    @CurrentSession() session: Session,
    @Param('id') id: string,
  ): Promise<{ application: WebhookApplication }> {
    return { application: await this.applications.setEnabled(session, id, true) };
  }

  @Operation({
    id: 'MngDisableWorkflowHook',
    summary: 'Answer an incoming webhook application as if it were not there',
    data: applicationAnswer,
    errors: ['application_not_found'],
  })
  @Post(':id/disable')
  @UseInterceptors(EmptyBodyInterceptor)
  async disable(
    @CurrentSession() session: Session,
    @Param('id') id: string,
  ): Promise<{ application: WebhookApplication }> {
    return { application: await this.applications.setEnabled(session, id, false) };
  }

  @Operation({
    id: 'MngRegenerateWorkflowHookToken',
    summary: 'Give an incoming webhook application another token; the one before it is refused at once',
    data: withTokenAnswer,
    errors: ['application_not_found'],
  })
  @Post(':id/token')
  @UseInterceptors(EmptyBodyInterceptor)
  async regenerateToken(
    @Req() request: Request,
    @CurrentSession() session: Session,
    @Param('id') id: string,
  ): Promise<WithUrl> {
    return this.#withUrl(request, await this.applications.regenerateToken(session, id));
  }

  @Operation({
    id: 'MngDeleteWorkflowHook',
    summary: 'Delete an incoming webhook application',
    data: deletedApplicationAnswer,
    errors: ['application_not_found'],
  })
  @Delete(':id')
  @UseInterceptors(EmptyBodyInterceptor)
  async delete(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ application_id: string }> {
    await this.applications.delete(session, id);
    return { application_id: id };
  }

  #withUrl(request: Request, made: WithToken): WithUrl {
    const { api, hooks } = this.config;
    return { ...made, url: hookUrl(publicBase(api.publicUrl, request), hooks.path, made.token) };
  }
}
