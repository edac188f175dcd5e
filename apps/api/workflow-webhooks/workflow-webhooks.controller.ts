import { Body, Delete, Get, Inject, Param, Patch, Post, Query, Req, UseInterceptors } from '@nestjs/common';
import type { Request } from 'express';
import {
  addWebhookBody,
  rotateWebhookKeyBody,
  updateWebhookBody,
  webhooksQuery,
  type AddWebhookBody,
  type RotateWebhookKeyBody,
  type UpdateWebhookBody,
  type WebhooksQuery,
} from '#libs/contracts/workflow-webhook.schema.ts';
import { withAddresses } from '#libs/workflow-webhooks/webhook-addresses.ts';
import { WebhookAdmin, type Actor, type WithKey } from '#libs/workflow-webhooks/webhook-admin.ts';
import type { WorkflowWebhook } from '#libs/domain/workflow-webhooks/workflow-webhook.ts';
import type { ApiConfig } from '../api-config.ts';
import type { Session } from '../auth/authenticate.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import { EmptyBodyInterceptor } from '../http/empty-body.interceptor.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { publicBase } from '../http/public-base.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { tokens } from '../tokens.ts';
import {
  deletedWebhookAnswer,
  webhookAnswer,
  webhooksAnswer,
  withKeyAnswer,
  type WebhookView,
} from './workflow-webhook.schema.ts';

@ManagerController('webhooks', 'Workflow webhooks')
@Roles(['SESSION_ADMIN'])
export class WorkflowWebhooksController {
  readonly #publicUrl: string | undefined;

  constructor(
    private readonly admin: WebhookAdmin,
    @Inject(tokens.config) { api }: ApiConfig,
  ) {
    this.#publicUrl = api.publicUrl;
  }

  @Operation({
    id: 'MngAddWorkflowWebhook',
    summary: 'Make addresses at which a back end reports events; the answer is the only place that shows the API key',
    status: 201,
    data: withKeyAnswer,
    errors: ['webhook_exists'],
  })
  @Post()
  async add(
    @CurrentSession() session: Session,
    @Body({ schema: addWebhookBody }) body: AddWebhookBody,
    @Req() request: Request,
  ): Promise<{ webhook: WebhookView; key: string }> {
    return this.#showKey(await this.admin.create(toActor(session), body), request);
  }

  @Operation({
    id: 'MngGetWorkflowWebhooks',
    summary: 'List workflow webhooks by their ids; never their keys',
    data: webhooksAnswer,
  })
  @Get()
  async list(
    @CurrentSession() session: Session,
    @Query({ schema: webhooksQuery }) query: WebhooksQuery,
    @Req() request: Request,
  ): Promise<{ webhooks: WebhookView[]; next_cursor: string | null }> {
    const { items, nextCursor } = await this.admin.list(toActor(session), query);
    return { webhooks: items.map((webhook) => this.#show(webhook, request)), next_cursor: nextCursor };
  }

  @Operation({
    id: 'MngGetWorkflowWebhook',
    summary: 'Read a workflow webhook',
    data: webhookAnswer,
    errors: ['webhook_not_found'],
  })
  @Get(':id')
  async get(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Req() request: Request,
  ): Promise<{ webhook: WebhookView }> {
    return { webhook: this.#show(await this.admin.get(toActor(session), id), request) };
  }

  @Operation({
    id: 'MngUpdateWorkflowWebhook',
    summary: 'Change a workflow webhook, or switch it on or off; what is left out stays as it is',
    data: webhookAnswer,
    errors: ['webhook_not_found', 'version_conflict'],
  })
  @Patch(':id')
  async update(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: updateWebhookBody }) body: UpdateWebhookBody,
    @Req() request: Request,
  ): Promise<{ webhook: WebhookView }> {
    return { webhook: this.#show(await this.admin.update(toActor(session), id, body), request) };
  }

  @Operation({
    id: 'MngRotateWorkflowWebhookKey',
    summary: 'Give a workflow webhook another API key; those before it stay valid for a while',
    data: withKeyAnswer,
    errors: ['webhook_not_found', 'too_many_keys'],
  })
  @Post(':id/rotate')
  async rotate(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: rotateWebhookKeyBody }) body: RotateWebhookKeyBody,
    @Req() request: Request,
  ): Promise<{ webhook: WebhookView; key: string }> {
    return this.#showKey(await this.admin.rotateKey(toActor(session), id, body.overlap_hours), request);
  }

  @Operation({
    id: 'MngRevokeWorkflowWebhookKey',
    summary: 'Revoke an API key: it and the session tokens given for it are refused from the next request on',
    data: webhookAnswer,
    errors: ['webhook_not_found', 'webhook_key_not_found'],
  })
  @Delete(':id/keys/:key')
  @UseInterceptors(EmptyBodyInterceptor)
  async revoke(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Param('key') key: string,
    @Req() request: Request,
  ): Promise<{ webhook: WebhookView }> {
    return { webhook: this.#show(await this.admin.revokeKey(toActor(session), id, key), request) };
  }

  @Operation({
    id: 'MngDeleteWorkflowWebhook',
    summary: 'Delete a workflow webhook, its keys and its session tokens',
    data: deletedWebhookAnswer,
    errors: ['webhook_not_found'],
  })
  @Delete(':id')
  @UseInterceptors(EmptyBodyInterceptor)
  async delete(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ id: string }> {
    await this.admin.delete(toActor(session), id);
    return { id };
  }

  #show(webhook: WorkflowWebhook, request: Request): WebhookView {
    return withAddresses(webhook, publicBase(this.#publicUrl, request));
  }

  #showKey({ webhook, key }: WithKey, request: Request): { webhook: WebhookView; key: string } {
    return { webhook: this.#show(webhook, request), key };
  }
}

function toActor({ userId, brands }: Session): Actor {
  return { by: userId, brands };
}
