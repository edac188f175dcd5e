/** A rule made ready for matching. */
import { compileActions, type RenderActions } from '../actions/render-actions.ts';
import { PermanentError } from '../errors/errors.ts';
import { PredicateCompiler } from './predicate-compiler.ts';
import { toIndexKeys, type IndexKeys } from './index-keys.ts';
import { compileConditions, type ConditionProgram } from './condition-program.ts';
import type { Rule } from '../rules/rule.ts';

export interface CompiledRule {
  readonly rule: Rule;
  readonly program: ConditionProgram;
  readonly indexKeys: IndexKeys;
  /** Null: no action refers to the context, so runs carry the rule's own actions. */
  readonly renderActions: RenderActions | null;
  /** Place in the order of start among the rules of the same trigger and brand; kept by their bucket. */
  order: number;
}

/** @throws PermanentError `rule_not_usable` for a stored rule that validation would refuse today. */
export function compileRule(rule: Rule, leaves = new PredicateCompiler()): CompiledRule {
  try {
    const program = compileConditions(rule.conditions, leaves);
    const indexKeys = toIndexKeys(rule.conditions, leaves);
    return { rule, program, indexKeys, renderActions: compileActions(rule.actions), order: 0 };
  } catch (error) {
    const reason = (error as Error).message;
    throw new PermanentError('rule_not_usable', `Rule ${rule.id} cannot be used: ${reason}. Correct it.`, {
      cause: error,
    });
  }
}

/** Order of start: priority, then age, then id. */
export function compareRules({ rule: a }: CompiledRule, { rule: b }: CompiledRule): number {
  return a.priority - b.priority || compareText(a.created_at, b.created_at) || compareText(a.id, b.id);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
