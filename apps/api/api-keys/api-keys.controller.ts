import { Body, Delete, Get, Headers, Inject, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { addApiKeyBody, apiKeysQuery, type AddApiKeyBody, type ApiKeysQuery } from '#libs/contracts/api-key.schema.ts';
import type { ApiKey } from '#libs/domain/access/api-key.ts';
import { EmptyBodyInterceptor } from '../http/empty-body.interceptor.ts';
import { idempotencyKey } from '../http/request-headers.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { apiKeyService, type ApiKeyService } from './api-keys.service.ts';

@ManagerController('api-keys')
@Roles(['SESSION_ADMIN'])
export class ApiKeysController {
  readonly #desk: ApiKeyService;

  constructor(@Inject(apiKeyService) desk: ApiKeyService) {
    this.#desk = desk;
  }

  @Post()
  add(
    @CurrentSession() session: Session,
    @Body({ schema: addApiKeyBody }) body: AddApiKeyBody,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<{ api_key: ApiKey; key: string }> {
    return this.#desk.add(session, body, idempotencyKey(key));
  }

  @Get()
  list(
    @CurrentSession() session: Session,
    @Query({ schema: apiKeysQuery }) query: ApiKeysQuery,
  ): Promise<{ api_keys: ApiKey[]; next_cursor: string | null }> {
    return this.#desk.list(session, query);
  }

  @Delete(':id')
  @UseInterceptors(EmptyBodyInterceptor)
  async revoke(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ api_key: ApiKey }> {
    return { api_key: await this.#desk.revoke(session, id) };
  }
}
