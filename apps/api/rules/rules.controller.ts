import { Get, Inject, Param, Query } from '@nestjs/common';
import { rulesQuery, type RulesQuery } from '#libs/contracts/list-query.schema.ts';
import type { Rule } from '#libs/domain/rule.ts';
import type { RuleRepository } from '#libs/store/rule.repository.ts';
import { ApiError } from '../http/api.error.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { brandScope, maySee } from '../session/brand-scope.ts';
import { CurrentSession } from '../session/session.guard.ts';
import type { Session } from '../session/session.ts';

export const ruleReader = Symbol('ruleReader');
export type RuleReader = Pick<RuleRepository, 'get' | 'list'>;

@ManagerController('rules')
export class RulesController {
  readonly #rules: RuleReader;

  constructor(@Inject(ruleReader) rules: RuleReader) {
    this.#rules = rules;
  }

  /** Rules of no brand act on every brand: each session sees them. */
  @Get()
  async list(
    @CurrentSession() session: Session,
    @Query({ schema: rulesQuery }) query: RulesQuery,
  ): Promise<{ rules: Rule[]; next_cursor: string | null }> {
    const { brand: asked, trigger, status, cursor, limit } = query;
    const scope = brandScope(session, asked);
    const brand = Array.isArray(scope) ? [...scope, null] : scope;
    const page = await this.#rules.list(
      { ...(brand !== undefined && { brand }), ...(trigger !== undefined && { trigger }), ...(status && { status }) },
      { limit, ...(cursor !== undefined && { cursor }) },
    );
    return { rules: page.items, next_cursor: page.nextCursor };
  }

  @Get(':id')
  async get(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ rule: Rule }> {
    const rule = await this.#rules.get(id);
    // A rule of another brand looks like none: its id alone tells something.
    if (rule === null || (rule.brand !== null && !maySee(session, rule.brand))) {
      throw new ApiError(404, 'rule_not_found', 'There is no such rule.');
    }
    return { rule };
  }
}
