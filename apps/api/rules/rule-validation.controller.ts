import { Body, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ruleWarningsQuery, type RuleWarningsQuery } from '#libs/contracts/list-query.schema.ts';
import { validationBody, type ValidationBody } from '#libs/contracts/rule.schema.ts';
import type { Problem } from '#libs/domain/errors/errors.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { toDefinition } from '#libs/domain/rules/rule-definition.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { ruleWarningsAnswer, validationAnswer } from './rule.schema.ts';
import { tokens } from '../tokens.ts';
import { ApiError } from '../http/api.error.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import type { Session } from '../auth/authenticate.ts';
import { RuleCheck } from './rule.check.ts';
import { visibleRule, visibleRules, type RuleReader } from './rule.reader.ts';

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
    return validatedAsStored(this.check, session, await visibleRule(this.rules, session, id));
  }
}

/** Not below `rules`: a rule may be called anything. */
@ManagerController('rule-warnings', 'Rules')
export class RuleSetWarningsController {
  constructor(
    private readonly check: RuleCheck,
    @Inject(tokens.rules) private readonly rules: RuleReader,
  ) {}

  /** One after the other: each user has one computation at a time. A rule that takes too long keeps no other waiting. */
  @Operation({
    id: 'MngGetWorkflowRulesWarnings',
    summary:
      'Check up to 100 rules as they are stored; those that are not there, not of the session or too costly are left out',
    data: ruleWarningsAnswer,
  })
  @Get()
  async get(
    @CurrentSession() session: Session,
    @Query({ schema: ruleWarningsQuery }) { ids }: RuleWarningsQuery,
  ): Promise<{ rules: (Validation & { rule_id: string })[] }> {
    const checked: (Validation & { rule_id: string })[] = [];
    for (const [rule_id, rule] of await visibleRules(this.rules, session, ids)) {
      try {
        checked.push({ rule_id, ...(await validatedAsStored(this.check, session, rule)) });
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'too_costly') throw error;
      }
    }
    return { rules: checked };
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

function validatedAsStored(check: RuleCheck, session: Session, stored: Rule): Promise<Validation> {
  // Archived is no status that can be written; whether the rest is right does not depend on it.
  const status = stored.status === 'archived' ? 'inactive' : stored.status;
  return validated(check, session, { ...toDefinition(stored), status, id: stored.id });
}

async function validated(check: RuleCheck, session: Session, input: unknown): Promise<Validation> {
  const { rule, id, errors, warnings } = await check.validate(session, input);
  if (rule === null) return { valid: false, errors, warnings };
  const inRuleSet = await check.compare(session, { ...rule, id: id ?? newRule });
  return { valid: true, errors, warnings: [...warnings, ...inRuleSet] };
}
