import { Get, Inject, Param, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { rulesQuery, type RulesQuery } from '#libs/contracts/list-query.schema.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { ruleAnswer, rulesAnswer } from './rule.schema.ts';
import { tokens } from '../tokens.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { brandScope } from '../auth/brand-scope.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { tagged } from '../http/request-headers.ts';
import { visibleRule, type RuleReader } from './rule.reader.ts';

@ManagerController('rules', 'Rules')
export class RulesController {
  constructor(@Inject(tokens.rules) private readonly rules: RuleReader) {}

  /** In the order in which they run; those of no brand act on every brand: each session sees them. */
  @Operation({ id: 'MngGetWorkflowRules', summary: 'List rules in the order in which they run', data: rulesAnswer })
  @Get()
  async list(
    @CurrentSession() session: Session,
    @Query({ schema: rulesQuery }) query: RulesQuery,
  ): Promise<{ rules: Rule[]; next_cursor: string | null }> {
    const { brand: asked, trigger, status, search, cursor, limit } = query;
    const scope = brandScope(session, asked);
    const brand = Array.isArray(scope) ? [...scope, null] : scope;
    const page = await this.rules.list(
      {
        ...(brand !== undefined && { brand }),
        ...(trigger !== undefined && { trigger }),
        ...(status && { status }),
        ...(search !== undefined && { search }),
      },
      { limit, ...(cursor !== undefined && { cursor }) },
    );
    return { rules: page.items, next_cursor: page.nextCursor };
  }

  @Operation({
    id: 'MngGetWorkflowRule',
    summary: 'Read a rule; its ETag is its version',
    data: ruleAnswer,
    errors: ['rule_not_found'],
  })
  @Get(':id')
  async get(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ rule: Rule }> {
    return { rule: tagged(response, await visibleRule(this.rules, session, id)) };
  }
}
