import { Body, HttpCode, Inject, Post } from '@nestjs/common';
import { validationBody, type ValidationBody } from '#libs/contracts/rule.schema.ts';
import type { Problem } from '#libs/domain/errors.ts';
import { warningsInCompany } from '#libs/domain/rule-company.ts';
import { validateRule } from '#libs/domain/validate-rule.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { companyReader, validationOptions, visibleOf, type CompanyReader } from '../registry/company.reader.ts';
import { CurrentSession } from '../session/session.guard.ts';
import type { Session } from '../session/session.ts';

/** Stands for the id of a rule that has none yet; no stored rule has it. */
const newRule = '';

@ManagerController('rules/validate')
export class RuleValidationController {
  readonly #company: CompanyReader;

  constructor(@Inject(companyReader) company: CompanyReader) {
    this.#company = company;
  }

  /** Stores nothing. Answers 200 whatever the rule is like; a rule with an id is looked at in place of the stored one. */
  @Post()
  @HttpCode(200)
  async validate(
    @CurrentSession() session: Session,
    @Body({ schema: validationBody }) body: ValidationBody,
  ): Promise<{ valid: boolean; errors: Problem[]; warnings: Problem[] }> {
    const statuses = visibleOf(session, await this.#company.statuses());
    const options = await validationOptions(this.#company, statuses, body.rule);
    const { rule, id, errors, warnings } = validateRule(body.rule, options);
    if (rule === null) return { valid: false, errors, warnings };
    const others = visibleOf(session, await this.#company.activeRules());
    const named = { ...rule, id: id ?? newRule };
    const inCompany = warningsInCompany([named], others, statuses).get(named.id) ?? [];
    return { valid: true, errors, warnings: [...warnings, ...inCompany] };
  }
}
