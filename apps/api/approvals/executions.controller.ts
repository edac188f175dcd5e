import { Body, Headers, Param, Post } from '@nestjs/common';
import { resumeBody, type ResumeBody } from '#libs/contracts/approval.schema.ts';
import { idempotencyKey } from '../http/request-headers.ts';
import { approvalErrors } from '../http/error-catalog.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { givenAnswer, type AnswerView } from './approval.schema.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { ApprovalsService } from './approvals.service.ts';

/** The same answer for callers who know the run, such as those who read `WorkflowPaused`. */
@ManagerController('executions', 'Approvals')
export class ExecutionsController {
  constructor(private readonly approvals: ApprovalsService) {}

  @Operation({
    id: 'MngResumeWorkflowExecution',
    summary: 'Approve or reject, for those who read WorkflowPaused',
    data: givenAnswer,
    errors: ['run_not_found', ...approvalErrors],
    headers: ['Idempotency-Key'],
  })
  @Post(':executionId/resume')
  async resume(
    @CurrentSession() session: Session,
    @Param('executionId') executionId: string,
    @Body({ schema: resumeBody }) { correlationToken, ...body }: ResumeBody,
    @Headers('Idempotency-Key') key?: string,
  ): Promise<{ answer: AnswerView }> {
    return { answer: await this.approvals.resume(session, executionId, correlationToken, body, idempotencyKey(key)) };
  }
}
