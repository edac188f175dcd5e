import { Get, Inject, Query } from '@nestjs/common';
import { ruleActivityQuery, type RuleActivityQuery } from '#libs/contracts/list-query.schema.ts';
import type { RuleActivity, RuleActivityReader } from '#libs/store/runs/rule-activity.reader.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { ruleActivityAnswer } from './rule.schema.ts';
import { tokens } from '../tokens.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { brandScope } from '../auth/brand-scope.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';

/** Not below `rules`: a rule may be called anything. */
@ManagerController('rule-activity', 'Rules')
export class RuleActivityController {
  constructor(@Inject(tokens.ruleActivity) private readonly activity: RuleActivityReader) {}

  /** By the runs that the session may see, so a rule of another brand answers as one that never ran. */
  @Operation({
    id: 'MngGetWorkflowRuleActivity',
    summary: 'Ask when rules matched last, and how many runs they had since a time',
    data: ruleActivityAnswer,
  })
  @Get()
  async get(
    @CurrentSession() session: Session,
    @Query({ schema: ruleActivityQuery }) { ids, since = startOfDay() }: RuleActivityQuery,
  ): Promise<{ since: string; rules: RuleActivity[] }> {
    return { since, rules: await this.activity.of(ids, since, brandScope(session, undefined)) };
  }
}

function startOfDay(): string {
  return `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`;
}
