/** Requests about rules. What a rule has to be like is said by `libs/domain/validation/validate-rule.ts` alone. */
import { z } from 'zod';
import { writableStatuses } from '#libs/domain/rules/rule.ts';
import { backtestDays } from './backtest.schema.ts';
import { oneOfText, page } from './list-query.schema.ts';
import { ruleExample, ruleInput } from './rule-input.ts';

const version = z.int('must be a whole number').min(1, 'must be 1 or more');
/** Version the writer has seen; the header If-Match says the same. */
const seen = version.optional();

/** What is wrong with it is the answer. */
export const validationBody = z.strictObject({ rule: z.unknown() }).meta({ examples: [{ rule: ruleExample }] });
export const addRuleBody = z.strictObject({ rule: ruleInput }).meta({ examples: [{ rule: ruleExample }] });
export const updateRuleBody = z
  .strictObject({ rule: ruleInput, version: seen })
  .meta({ examples: [{ rule: ruleExample, version: 1 }] });
export const ruleStatusBody = z
  .strictObject({ status: oneOfText(writableStatuses), version: seen })
  .meta({ examples: [{ status: 'active', version: 1 }] });
export const rollbackBody = z.strictObject({ to: version, version: seen }).meta({ examples: [{ to: 1, version: 2 }] });
/** Left out: the stored rule, activated. `days`: also hold it against the recorded events of so many days. */
export const impactBody = z
  .strictObject({ rule: ruleInput.optional(), days: backtestDays.optional() })
  .meta({ examples: [{ rule: ruleExample, days: 7 }] });
export const ruleVersionsQuery = z.strictObject({ ...page });

export type ValidationBody = z.infer<typeof validationBody>;
export type AddRuleBody = z.infer<typeof addRuleBody>;
export type UpdateRuleBody = z.infer<typeof updateRuleBody>;
export type RuleStatusBody = z.infer<typeof ruleStatusBody>;
export type RollbackBody = z.infer<typeof rollbackBody>;
export type ImpactBody = z.infer<typeof impactBody>;
export type RuleVersionsQuery = z.infer<typeof ruleVersionsQuery>;
