/** Computations whose time depends on the request: they run in a thread of their own, never where requests are answered. */
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { MessageTemplate } from '#libs/domain/directory/outbound.ts';
import type { Status } from '#libs/domain/directory/directory.ts';
import type { Problem } from '#libs/domain/errors/errors.ts';
import { explainMatch, type RuleExplanation } from '#libs/domain/matching/explain.ts';
import { fieldsWithStatuses } from '#libs/domain/context/fields.ts';
import { findHeldBack, type HeldBack } from '#libs/domain/analysis/held-back.ts';
import type { NamedRule } from '#libs/domain/analysis/prepared-rule.ts';
import { analyzeRules } from '#libs/domain/analysis/analyze-rules.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import type { TemplatePreview } from '../directory/directory.schema.ts';
import { previewTemplate } from '../directory/template-preview.ts';
import { validateRule, type RuleValidation } from '#libs/domain/validation/validate-rule.ts';

export interface ExplainInput {
  rules: Rule[];
  trigger: string;
  context: RuntimeContext;
  /** So many are explained, the first ones. */
  most: number;
}

export interface ValidateInput {
  /** As the caller wrote it. */
  rule: unknown;
  statuses: Status[];
  /** Whether its trigger has been seen, where it is none of the built-in ones. */
  isObserved: boolean;
}

export interface HeldBackInput {
  rule: NamedRule;
  /** Rules of other brands are left aside; null: none are. */
  brands: readonly string[] | null;
}

export interface CompareInput extends HeldBackInput {
  statuses: Status[];
}

export interface PreviewInput {
  template: MessageTemplate;
  context: RuntimeContext;
}

export interface Computations {
  explain: (input: ExplainInput) => RuleExplanation[];
  validate: (input: ValidateInput) => RuleValidation;
  /** Warnings about the rule beside the active ones. */
  compare: (input: CompareInput) => Problem[];
  /** Active rules that hold the rule back, or that it holds back. */
  heldBack: (input: HeldBackInput) => HeldBack;
  preview: (input: PreviewInput) => TemplatePreview;
}

export type Computation = keyof Computations;

/** @param active the active rules; read when a computation asks for them */
export function computations(active: () => Iterable<Rule>): Computations {
  const activeOf = (brands: readonly string[] | null): Rule[] =>
    [...active()].filter(({ brand }) => brand === null || brands === null || brands.includes(brand));
  return {
    explain: ({ rules, trigger, context, most }) => explainMatch(rules, trigger, context, most),
    validate: ({ rule, statuses, isObserved }) =>
      validateRule(rule, { fields: fieldsWithStatuses(statuses), isKnownTrigger: () => isObserved }),
    compare: ({ rule, statuses, brands }) => analyzeRules([rule], activeOf(brands), statuses).get(rule.id) ?? [],
    heldBack: ({ rule, brands }) => findHeldBack(rule, activeOf(brands)),
    preview: ({ template, context }) => previewTemplate(template, context),
  };
}
