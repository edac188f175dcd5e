/** Everything that changes rules; for administrators. */
import { Body, Delete, Headers, HttpCode, Inject, Param, Post, Put, Res, UseInterceptors } from '@nestjs/common';
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
import { ManagerController } from '../http/manager-controller.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { idempotencyKey, neededVersion, seenVersion, tagged } from '../http/request-headers.ts';
import { ruleWriter, type RuleWriter } from './rules.service.ts';

interface Written {
  rule: Rule;
  warnings: Problem[];
}

@ManagerController('rules')
@Roles(['SESSION_ADMIN'])
export class RuleWritesController {
  readonly #writer: RuleWriter;

  constructor(@Inject(ruleWriter) writer: RuleWriter) {
    this.#writer = writer;
  }

  @Post()
  async add(
    @CurrentSession() session: Session,
    @Body({ schema: addRuleBody }) { rule }: AddRuleBody,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Written> {
    const written = await this.#writer.add(session, rule, idempotencyKey(key));
    tagged(response, written.rule);
    return written;
  }

  @Put(':id')
  async update(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: updateRuleBody }) { rule, version }: UpdateRuleBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Written> {
    const written = await this.#writer.update(session, id, rule, neededVersion(ifMatch, version));
    tagged(response, written.rule);
    return written;
  }

  @Post(':id/status')
  @HttpCode(200)
  async setStatus(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: ruleStatusBody }) { status, version }: RuleStatusBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ rule: Rule }> {
    return { rule: tagged(response, await this.#writer.setStatus(session, id, status, seenVersion(ifMatch, version))) };
  }

  @Post(':id/rollback')
  @HttpCode(200)
  async rollBack(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body({ schema: rollbackBody }) { to, version }: RollbackBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Written> {
    const written = await this.#writer.rollBack(session, id, to, seenVersion(ifMatch, version));
    tagged(response, written.rule);
    return written;
  }

  @Post(':id/archive')
  @UseInterceptors(EmptyBodyInterceptor)
  @HttpCode(200)
  async archive(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ rule: Rule }> {
    return { rule: tagged(response, await this.#writer.archive(session, id, seenVersion(ifMatch, undefined))) };
  }

  /** Its runs stay in the log, its versions can still be read. */
  @Delete(':id')
  @UseInterceptors(EmptyBodyInterceptor)
  async delete(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<{ id: string; deleted: true }> {
    await this.#writer.delete(session, id, seenVersion(ifMatch, undefined));
    return { id, deleted: true };
  }
}
