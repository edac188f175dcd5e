import { Body, Delete, Get, Headers, Param, Post, UseInterceptors } from '@nestjs/common';
import { backtestBody, type BacktestBody } from '#libs/contracts/backtest.schema.ts';
import { EmptyBodyInterceptor } from '../http/empty-body.interceptor.ts';
import { idempotencyKey } from '../http/request-headers.ts';
import { ruleErrors } from '../http/error-catalog.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { backtestAnswer, cancelledBacktestAnswer, type BacktestView } from './backtest.schema.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { BacktestsService } from './backtests.service.ts';

@ManagerController('backtests', 'What-if')
export class BacktestsController {
  constructor(private readonly backtests: BacktestsService) {}

  /** It does nothing to anybody, and much to a core: for administrators. */
  @Operation({
    id: 'MngStartWorkflowBacktest',
    summary: 'Hold a rule against the recorded events of the last days; nothing is done',
    status: 202,
    data: backtestAnswer,
    errors: [
      ...ruleErrors.read,
      'version_not_found',
      'idempotency_key_reused',
      'invalid_header',
      'too_large',
      'temporal_unavailable',
    ],
    headers: ['Idempotency-Key'],
  })
  @Post()
  @Roles(['SESSION_ADMIN'])
  async start(
    @CurrentSession() session: Session,
    @Body({ schema: backtestBody }) body: BacktestBody,
    @Headers('Idempotency-Key') key: string | undefined,
  ): Promise<{ backtest: BacktestView }> {
    return { backtest: await this.backtests.start(session, body, idempotencyKey(key)) };
  }

  @Operation({
    id: 'MngGetWorkflowBacktest',
    summary: 'Ask how far a backtest is, and what it found',
    data: backtestAnswer,
    errors: ['backtest_not_found', 'temporal_unavailable'],
  })
  @Get(':id')
  async get(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ backtest: BacktestView }> {
    return { backtest: await this.backtests.get(session, id) };
  }

  @Operation({
    id: 'MngCancelWorkflowBacktest',
    summary: 'Cancel a backtest',
    data: cancelledBacktestAnswer,
    errors: ['backtest_not_found', 'temporal_unavailable'],
  })
  @Delete(':id')
  @Roles(['SESSION_ADMIN'])
  @UseInterceptors(EmptyBodyInterceptor)
  async cancel(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ id: string; cancelled: true }> {
    await this.backtests.cancel(session, id);
    return { id, cancelled: true };
  }
}
