/** Requests about rules. What a rule has to be like is said by `libs/domain/validation/validate-rule.ts` alone. */
import { z } from 'zod';
import { writableStatuses } from '#libs/domain/rules/rule.ts';
import { backtestDays } from './backtest.schema.ts';
import { oneOfText, page } from './list-query.schema.ts';

const version = z.int('must be a whole number').min(1, 'must be 1 or more');
/** Version the writer has seen; the header If-Match says the same. */
const seen = version.optional();

export const validationBody = z.strictObject({ rule: z.unknown() });
export const addRuleBody = z.strictObject({ rule: z.unknown() });
export const updateRuleBody = z.strictObject({ rule: z.unknown(), version: seen });
export const ruleStatusBody = z.strictObject({ status: oneOfText(writableStatuses), version: seen });
export const rollbackBody = z.strictObject({ to: version, version: seen });
/** Left out: the stored rule, activated. `days`: also hold it against the recorded events of so many days. */
export const impactBody = z.strictObject({ rule: z.unknown().optional(), days: backtestDays.optional() });
export const ruleVersionsQuery = z.strictObject({ ...page });

export type ValidationBody = z.infer<typeof validationBody>;
export type AddRuleBody = z.infer<typeof addRuleBody>;
export type UpdateRuleBody = z.infer<typeof updateRuleBody>;
export type RuleStatusBody = z.infer<typeof ruleStatusBody>;
export type RollbackBody = z.infer<typeof rollbackBody>;
export type ImpactBody = z.infer<typeof impactBody>;
export type RuleVersionsQuery = z.infer<typeof ruleVersionsQuery>;
