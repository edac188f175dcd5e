import { Body, Get, Headers, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  answerBody,
  approvalsQuery,
  reassignBody,
  type AnswerBody,
  type ApprovalsQuery,
  type ReassignBody,
} from '#libs/contracts/approval.schema.ts';
import { idempotencyKey } from '../http/request-headers.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { approvalService, type AnswerView, type ApprovalService } from './approvals.service.ts';
import type { ApprovalView } from './approval.view.ts';

/** What waits for a person, and their answers. */
@ManagerController('approvals')
export class ApprovalsController {
  readonly #desk: ApprovalService;

  constructor(@Inject(approvalService) desk: ApprovalService) {
    this.#desk = desk;
  }

  /** Oldest first: they have waited longest. */
  @Get()
  list(
    @CurrentSession() session: Session,
    @Query({ schema: approvalsQuery }) query: ApprovalsQuery,
  ): Promise<{ approvals: ApprovalView[]; next_cursor: string | null }> {
    return this.#desk.list(session, query);
  }

  @Get(':token')
  async get(@CurrentSession() session: Session, @Param('token') token: string): Promise<{ approval: ApprovalView }> {
    return { approval: await this.#desk.get(session, token) };
  }

  @Post(':token')
  @HttpCode(200)
  async answer(
    @CurrentSession() session: Session,
    @Param('token') token: string,
    @Body({ schema: answerBody }) body: AnswerBody,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ answer: AnswerView }> {
    return { answer: await this.#desk.answer(session, token, body, idempotencyKey(key)) };
  }

  @Post(':token/reassign')
  @Roles(['SESSION_ADMIN'])
  @HttpCode(200)
  async reassign(
    @CurrentSession() session: Session,
    @Param('token') token: string,
    @Body({ schema: reassignBody }) body: ReassignBody,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ approval: ApprovalView }> {
    return { approval: await this.#desk.reassign(session, token, body, idempotencyKey(key)) };
  }
}
