import { Body, Get, Headers, Param, Post, Query } from '@nestjs/common';
import {
  answerBody,
  approvalsQuery,
  reassignBody,
  type AnswerBody,
  type ApprovalsQuery,
  type ReassignBody,
} from '#libs/contracts/approval.schema.ts';
import { idempotencyKey } from '../http/request-headers.ts';
import { approvalErrors } from '../http/error-catalog.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import {
  approvalAnswer,
  approvalsAnswer,
  approvalWithBackground,
  givenAnswer,
  type AnswerView,
  type ApprovalView,
  type BackgroundView,
} from './approval.schema.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { ApprovalsService } from './approvals.service.ts';

/** What waits for a person, and their answers. */
@ManagerController('approvals', 'Approvals')
export class ApprovalsController {
  constructor(private readonly approvals: ApprovalsService) {}

  @Operation({
    id: 'MngGetWorkflowApprovals',
    summary: 'List approvals, newest first or the soonest due first',
    data: approvalsAnswer,
  })
  @Get()
  list(
    @CurrentSession() session: Session,
    @Query({ schema: approvalsQuery }) query: ApprovalsQuery,
  ): Promise<{ approvals: ApprovalView[]; next_cursor: string | null }> {
    return this.approvals.list(session, query);
  }

  @Operation({
    id: 'MngGetWorkflowApproval',
    summary: 'Read an approval, what it is about, and what follows an answer',
    data: approvalWithBackground,
    errors: ['approval_not_found'],
  })
  @Get(':token')
  get(
    @CurrentSession() session: Session,
    @Param('token') token: string,
  ): Promise<{ approval: ApprovalView; background: BackgroundView | null }> {
    return this.approvals.get(session, token);
  }

  @Operation({
    id: 'MngAnswerWorkflowApproval',
    summary: 'Approve or reject',
    data: givenAnswer,
    errors: approvalErrors,
    headers: ['Idempotency-Key'],
  })
  @Post(':token')
  async answer(
    @CurrentSession() session: Session,
    @Param('token') token: string,
    @Body({ schema: answerBody }) body: AnswerBody,
    @Headers('Idempotency-Key') key?: string,
  ): Promise<{ answer: AnswerView }> {
    return { answer: await this.approvals.answer(session, token, body, idempotencyKey(key)) };
  }

  @Operation({
    id: 'MngReassignWorkflowApproval',
    summary: 'Ask others instead',
    data: approvalAnswer,
    errors: approvalErrors,
    headers: ['Idempotency-Key'],
  })
  @Post(':token/reassign')
  @Roles(['SESSION_ADMIN'])
  async reassign(
    @CurrentSession() session: Session,
    @Param('token') token: string,
    @Body({ schema: reassignBody }) body: ReassignBody,
    @Headers('Idempotency-Key') key?: string,
  ): Promise<{ approval: ApprovalView }> {
    return { approval: await this.approvals.reassign(session, token, body, idempotencyKey(key)) };
  }
}
