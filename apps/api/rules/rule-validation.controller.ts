import { Body, Get, Inject, Param, Post } from '@nestjs/common';
import { validationBody, type ValidationBody } from '#libs/contracts/rule.schema.ts';
import type { Problem } from '#libs/domain/errors/errors.ts';
import { toDefinition } from '#libs/domain/rules/rule-definition.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { validationAnswer } from './rule.schema.ts';
import { tokens } from '../tokens.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { RuleCheck } from './rule.check.ts';
import { visibleRule, type RuleReader } from './rule.reader.ts';

interface Validation {
  valid: boolean;
  errors: Problem[];
  warnings: Problem[];
}

/** Stands for the id of a rule that has none yet; no stored rule has it. */
const newRule = '';

/** Of a stored rule: what was right when it was saved may be wrong now. */
@ManagerController('rules/:id/warnings', 'Rules')
export class RuleWarningsController {
  constructor(
    private readonly check: RuleCheck,
    @Inject(tokens.rules) private readonly rules: RuleReader,
  ) {}

  @Operation({
    id: 'MngGetWorkflowRuleWarnings',
    summary: 'Check a rule as it is stored, beside the rules that are active now',
    data: validationAnswer,
    errors: ['rule_not_found', 'too_costly'],
  })
  @Get()
  async get(@CurrentSession() session: Session, @Param('id') id: string): Promise<Validation> {
    const stored = await visibleRule(this.rules, session, id);
    // Archived is no status that can be written; whether the rest is right does not depend on it.
    const status = stored.status === 'archived' ? 'inactive' : stored.status;
    return validated(this.check, session, { ...toDefinition(stored), status, id });
  }
}

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
  ): Promise<Validation> {
    return validated(this.check, session, body.rule);
  }
}

async function validated(check: RuleCheck, session: Session, input: unknown): Promise<Validation> {
  const { rule, id, errors, warnings } = await check.validate(session, input);
  if (rule === null) return { valid: false, errors, warnings };
  const inRuleSet = await check.compare(session, { ...rule, id: id ?? newRule });
  return { valid: true, errors, warnings: [...warnings, ...inRuleSet] };
}
