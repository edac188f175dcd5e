/** Everything that changes rules; for administrators. */
import { Body, Delete, Headers, Param, Post, Put, Res, UseInterceptors } from '@nestjs/common';
import type { Response } from 'express';
import {
  addRuleBody,
  rollbackBody,
  ruleStatusBody,
  updateRuleBody,
  type AddRuleBody,
  type RollbackBody,
  type RuleStatusBody,
  type UpdateRuleBody,
} from '#libs/contracts/rule.schema.ts';
import type { Problem } from '#libs/domain/errors/errors.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { EmptyBodyInterceptor } from '../http/empty-body.interceptor.ts';
import { ruleErrors } from '../http/error-catalog.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { deletedRuleAnswer, ruleAnswer, writtenRuleAnswer } from './rule.schema.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { idempotencyKey, neededVersion, seenVersion, tagged } from '../http/request-headers.ts';
import { RulesService } from './rules.service.ts';

interface Written {
  rule: Rule;
  warnings: Problem[];
}

@ManagerController('rules', 'Rules')
@Roles(['SESSION_ADMIN'])
export class RuleWritesController {
  constructor(private readonly rules: RulesService) {}

  @Operation({
    id: 'MngAddWorkflowRule',
    summary: 'Create a rule',
    status: 201,
    data: writtenRuleAnswer,
    errors: [...ruleErrors.written, 'four_eyes_required', 'idempotency_key_reused', 'invalid_header'],
    headers: ['Idempotency-Key'],
  })
  @Post()
  async add(
    @CurrentSession() session: Session,
    @Body({ schema: addRuleBody }) { rule }: AddRuleBody,
    @Headers('Idempotency-Key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Written> {
    const written = await this.rules.add(session, rule, idempotencyKey(key));
    tagged(response, written.rule);
    return written;
  }

  @Operation({
    id: 'MngUpdateWorkflowRule',
    summary: 'Replace what a rule says, on the version that was read (`version` or If-Match)',
    data: writtenRuleAnswer,
    errors: ruleErrors.changed,
    headers: ['If-Match'],
  })
  @Put(':id')
  async update(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: updateRuleBody }) { rule, version }: UpdateRuleBody,
    @Headers('If-Match') ifMatch: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Written> {
    const written = await this.rules.update(session, id, rule, neededVersion(ifMatch, version));
    tagged(response, written.rule);
    return written;
  }

  @Operation({
    id: 'MngSetWorkflowRuleStatus',
    summary: 'Activate a rule, put it in shadow or out of use',
    data: ruleAnswer,
    errors: ruleErrors.changed,
    headers: ['If-Match'],
  })
  @Post(':id/status')
  async setStatus(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: ruleStatusBody }) { status, version }: RuleStatusBody,
    @Headers('If-Match') ifMatch: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ rule: Rule }> {
    return { rule: tagged(response, await this.rules.setStatus(session, id, status, seenVersion(ifMatch, version))) };
  }

  @Operation({
    id: 'MngRollBackWorkflowRule',
    summary: 'Make a new version that says what an earlier one said; the status stays',
    data: writtenRuleAnswer,
    errors: [...ruleErrors.changed, 'version_not_found'],
    headers: ['If-Match'],
  })
  @Post(':id/rollback')
  async rollBack(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: rollbackBody }) { to, version }: RollbackBody,
    @Headers('If-Match') ifMatch: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Written> {
    const written = await this.rules.rollBack(session, id, to, seenVersion(ifMatch, version));
    tagged(response, written.rule);
    return written;
  }

  @Operation({
    id: 'MngArchiveWorkflowRule',
    summary: 'Archive a rule: it stays readable and never runs again. Runs under way go on',
    data: ruleAnswer,
    errors: ruleErrors.removed,
    headers: ['If-Match'],
  })
  @Post(':id/archive')
  @UseInterceptors(EmptyBodyInterceptor)
  async archive(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Headers('If-Match') ifMatch: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ rule: Rule }> {
    return { rule: tagged(response, await this.rules.archive(session, id, seenVersion(ifMatch, undefined))) };
  }

  /** Its runs stay in the log, its versions can still be read. */
  @Operation({
    id: 'MngDeleteWorkflowRule',
    summary: 'Delete a rule. Its versions, and its runs in the log, are kept; runs under way go on',
    data: deletedRuleAnswer,
    errors: ruleErrors.removed,
    headers: ['If-Match'],
  })
  @Delete(':id')
  @UseInterceptors(EmptyBodyInterceptor)
  async delete(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Headers('If-Match') ifMatch: string | undefined,
  ): Promise<{ id: string; deleted: true }> {
    await this.rules.delete(session, id, seenVersion(ifMatch, undefined));
    return { id, deleted: true };
  }
}
