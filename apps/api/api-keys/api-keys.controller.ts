import { Body, Delete, Get, Headers, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { addApiKeyBody, apiKeysQuery, type AddApiKeyBody, type ApiKeysQuery } from '#libs/contracts/api-key.schema.ts';
import type { ApiKey } from '#libs/domain/access/api-key.ts';
import { EmptyBodyInterceptor } from '../http/empty-body.interceptor.ts';
import { idempotencyKey } from '../http/request-headers.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { apiKeyAnswer, apiKeysAnswer, newApiKeyAnswer } from './api-key.schema.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { ApiKeysService } from './api-keys.service.ts';

@ManagerController('api-keys', 'Access')
@Roles(['SESSION_ADMIN'])
export class ApiKeysController {
  constructor(private readonly apiKeys: ApiKeysService) {}

  @Operation({
    id: 'MngAddWorkflowApiKey',
    summary: 'Make a key for a machine; the answer is the only place that shows it',
    status: 201,
    data: newApiKeyAnswer,
    errors: ['api_key_made', 'invalid_header'],
    headers: ['Idempotency-Key'],
  })
  @Post()
  add(
    @CurrentSession() session: Session,
    @Body({ schema: addApiKeyBody }) body: AddApiKeyBody,
    @Headers('Idempotency-Key') key: string | undefined,
  ): Promise<{ api_key: ApiKey; key: string }> {
    return this.apiKeys.add(session, body, idempotencyKey(key));
  }

  @Operation({
    id: 'MngGetWorkflowApiKeys',
    summary: 'List keys, newest first, also those that were revoked; never the keys themselves',
    data: apiKeysAnswer,
  })
  @Get()
  list(
    @CurrentSession() session: Session,
    @Query({ schema: apiKeysQuery }) query: ApiKeysQuery,
  ): Promise<{ api_keys: ApiKey[]; next_cursor: string | null }> {
    return this.apiKeys.list(session, query);
  }

  @Operation({
    id: 'MngRevokeWorkflowApiKey',
    summary: 'Revoke a key: it is refused from the next request on',
    data: apiKeyAnswer,
    errors: ['api_key_not_found'],
  })
  @Delete(':id')
  @UseInterceptors(EmptyBodyInterceptor)
  async revoke(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ api_key: ApiKey }> {
    return { api_key: await this.apiKeys.revoke(session, id) };
  }
}
