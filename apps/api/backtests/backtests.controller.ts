import { Body, Delete, Get, Headers, HttpCode, Inject, Param, Post, UseInterceptors } from '@nestjs/common';
import { backtestBody, type BacktestBody } from '#libs/contracts/backtest.schema.ts';
import { EmptyBodyInterceptor } from '../http/empty-body.interceptor.ts';
import { idempotencyKey } from '../http/request-headers.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { backtests, type Backtests, type BacktestView } from './backtests.service.ts';

@ManagerController('backtests')
export class BacktestsController {
  readonly #backtests: Backtests;

  constructor(@Inject(backtests) given: Backtests) {
    this.#backtests = given;
  }

  /** It does nothing to anybody, and much to a core: for administrators. */
  @Post()
  @Roles(['SESSION_ADMIN'])
  @HttpCode(202)
  async start(
    @CurrentSession() session: Session,
    @Body({ schema: backtestBody }) body: BacktestBody,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<{ backtest: BacktestView }> {
    return { backtest: await this.#backtests.start(session, body, idempotencyKey(key)) };
  }

  @Get(':id')
  async get(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ backtest: BacktestView }> {
    return { backtest: await this.#backtests.get(session, id) };
  }

  @Delete(':id')
  @Roles(['SESSION_ADMIN'])
  @UseInterceptors(EmptyBodyInterceptor)
  async cancel(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ id: string; cancelled: true }> {
    await this.#backtests.cancel(session, id);
    return { id, cancelled: true };
  }
}
