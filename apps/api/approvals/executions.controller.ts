import { Body, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { resumeBody, type ResumeBody } from '#libs/contracts/approval.schema.ts';
import { idempotencyKey } from '../http/request-headers.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { approvalService, type AnswerView, type ApprovalService } from './approvals.service.ts';

/** The same answer for callers who know the run, such as those who read `WorkflowPaused`. */
@ManagerController('executions')
export class ExecutionsController {
  readonly #desk: ApprovalService;

  constructor(@Inject(approvalService) desk: ApprovalService) {
    this.#desk = desk;
  }

  @Post(':executionId/resume')
  @HttpCode(200)
  async resume(
    @CurrentSession() session: Session,
    @Param('executionId') executionId: string,
    @Body({ schema: resumeBody }) { correlationToken, ...body }: ResumeBody,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ answer: AnswerView }> {
    return { answer: await this.#desk.resume(session, executionId, correlationToken, body, idempotencyKey(key)) };
  }
}
