import { Body, Post } from '@nestjs/common';
import { validationBody, type ValidationBody } from '#libs/contracts/rule.schema.ts';
import type { Problem } from '#libs/domain/errors/errors.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { validationAnswer } from './rule.schema.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { RuleCheck } from './rule.check.ts';

/** Stands for the id of a rule that has none yet; no stored rule has it. */
const newRule = '';

@ManagerController('rules/validate', 'Rules')
export class RuleValidationController {
  constructor(private readonly check: RuleCheck) {}

  /** Stores nothing. Answers 200 whatever the rule is like; a rule with an id is looked at in place of the stored one. */
  @Operation({
    id: 'MngValidateWorkflowRule',
    summary: 'Check a rule without storing it; 200 whatever it is like',
    data: validationAnswer,
    errors: ['too_costly'],
  })
  @Post()
  async validate(
    @CurrentSession() session: Session,
    @Body({ schema: validationBody }) body: ValidationBody,
  ): Promise<{ valid: boolean; errors: Problem[]; warnings: Problem[] }> {
    const { rule, id, errors, warnings } = await this.check.validate(session, body.rule);
    if (rule === null) return { valid: false, errors, warnings };
    const inRuleSet = await this.check.compare(session, { ...rule, id: id ?? newRule });
    return { valid: true, errors, warnings: [...warnings, ...inRuleSet] };
  }
}
