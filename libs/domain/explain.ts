/** Why a rule matches a context or does not: every condition with what it saw, what it wanted and whether it holds. */
import { compileRule, type CompiledRule } from './compiled-rule.ts';
import type { RuntimeContext } from './context.ts';
import { SignalboxError } from './errors.ts';
import { LeafCompiler } from './leaf-compiler.ts';
import { maskValue } from './masking.ts';
import { at, pathOf, type Place } from './place.ts';
import { RuleIndex } from './rule-index.ts';
import { isMatched, type ConditionNode, type Operator, type Rule, type RuleStatus } from './rule.ts';
import { shorten } from './shorten.ts';

/** A node of the conditions; a group comes before what is in it. */
export interface ConditionVerdict {
  /** In the rule, such as `conditions.rules[0]`. */
  path: string;
  holds: boolean;
  /** Of a group or NOT. */
  kind?: 'all' | 'any' | 'not';
  /** Of a leaf. */
  field?: string;
  operator?: Operator;
  /** Absent where the operator takes no value. */
  wanted?: unknown;
  /** Masked; null where the field has no value. */
  seen?: unknown;
}

/**
 * - `runs`: it matches and its actions are carried out, unless a guard (`re_enroll`, `limit`) objects
 * - `shadow`: it matches, and its status lets it do nothing
 * - `stopped`: it matches, and the `stop_after` of another holds it back
 * - `no_match`: its conditions do not hold
 * - `not_in_use`: its status keeps it from being matched; whether its conditions hold stands in `matches`
 * - `unusable`: it cannot be compiled
 */
export type Verdict = 'runs' | 'shadow' | 'stopped' | 'no_match' | 'not_in_use' | 'unusable';

export interface RuleExplanation {
  rule_id: string;
  rule_name: string;
  version: number;
  status: RuleStatus;
  brand: string | null;
  priority: number;
  verdict: Verdict;
  /** Whether its conditions hold. */
  matches: boolean;
  /** 1 for the first rule to run; null for one that does not. */
  order: number | null;
  /** Id of the rule whose `stop_after` holds it back. */
  stopped_by: string | null;
  /** What it does, or would do in shadow, with its references filled in and masked; empty for one that does neither. */
  actions: unknown;
  conditions: ConditionVerdict[];
  /** Whether it has more conditions than are shown. */
  truncated: boolean;
}

/** Conditions shown of one rule. */
export const mostConditions = 200;
/** Characters shown of a text that a condition saw or wanted. */
const longestText = 200;

/**
 * @param rules of the trigger and of the brand of the context or no brand
 * @returns one for each rule: those that run, in their order, then the others by priority
 */
export function explainMatch(rules: readonly Rule[], trigger: string, context: RuntimeContext): RuleExplanation[] {
  const index = new RuleIndex();
  const unusable = new Set<string>();
  for (const rule of rules) {
    try {
      index.put(rule);
    } catch (error) {
      if (!(error instanceof SignalboxError)) throw error;
      unusable.add(rule.id);
    }
  }
  const { matched, skipped, shadow } = index.match(trigger, context);
  const ids = (found: readonly CompiledRule[]): string[] => found.map(({ rule }) => rule.id);
  const [running, inShadow] = [ids(matched), new Set(ids(shadow))];
  const stopped = new Map(skipped.map(({ rule, stoppedBy }) => [rule.rule.id, stoppedBy.rule.id]));
  const acting = new Map([...matched, ...shadow].map((compiled) => [compiled.rule.id, compiled]));
  const leaves = new LeafCompiler();
  const explained = rules.map((rule): RuleExplanation => {
    const { id, name, version, status, brand, priority } = rule;
    const facts = { rule_id: id, rule_name: name, version, status, brand, priority };
    if (unusable.has(id)) return { ...facts, ...nothing, verdict: 'unusable' };
    const place = running.indexOf(id);
    const matches = compileRule(rule, leaves).program.evaluate(context);
    const verdict = (): Verdict => {
      if (place !== -1) return 'runs';
      if (inShadow.has(id)) return 'shadow';
      if (!isMatched(status)) return 'not_in_use';
      // One in shadow that is held back is no more than noted, either.
      return matches ? 'stopped' : 'no_match';
    };
    return {
      ...facts,
      verdict: verdict(),
      matches,
      order: place === -1 ? null : place + 1,
      stopped_by: stopped.get(id) ?? null,
      actions: actionsOf(acting.get(id), context),
      ...explainConditions(rule.conditions, context, leaves),
    };
  });
  const last = Number.MAX_SAFE_INTEGER;
  return explained.sort((a, b) => (a.order ?? last) - (b.order ?? last) || a.priority - b.priority);
}

function actionsOf(compiled: CompiledRule | undefined, context: RuntimeContext): unknown {
  if (compiled === undefined) return [];
  return maskValue(compiled.renderActions?.(context) ?? compiled.rule.actions);
}

const nothing = { matches: false, order: null, stopped_by: null, actions: [], conditions: [], truncated: false };

interface Visited {
  verdict: ConditionVerdict;
  /** Indexes of its children. */
  children: number[];
}

/** Looks at every condition, also at those that matching need not look at any more. */
function explainConditions(
  root: ConditionNode,
  context: RuntimeContext,
  leaves: LeafCompiler,
): Pick<RuleExplanation, 'conditions' | 'truncated'> {
  const visited: Visited[] = [];
  const pending: { node: ConditionNode; place: Place; parent: Visited | null }[] = [
    { node: root, place: at(null, 'conditions'), parent: null },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, place, parent } = next;
    // Paths are made for those that are shown only.
    const path = visited.length < mostConditions ? pathOf(place) : '';
    const one: Visited = { verdict: { path, holds: false }, children: [] };
    parent?.children.push(visited.length);
    visited.push(one);
    if ('not' in node) {
      one.verdict.kind = 'not';
      pending.push({ node: node.not, place: at(place, '.not'), parent: one });
    } else if ('match' in node) {
      one.verdict.kind = node.match;
      const children = node.rules.map((child, index) => ({
        node: child,
        place: at(place, `.rules[${index}]`),
        parent: one,
      }));
      for (const child of children.reverse()) pending.push(child);
    } else {
      const { field, operator, value } = node;
      one.verdict = {
        path,
        holds: leaves.compile(node)(context),
        field,
        operator,
        ...(value !== undefined && { wanted: shown(value) }),
        seen: shown(leaves.reader(field).get(context) ?? null, field),
      };
    }
  }
  // Children come after their parents.
  for (const { verdict, children } of visited.toReversed()) {
    const holds = (child: number): boolean => visited[child]?.verdict.holds === true;
    if (verdict.kind === 'not') verdict.holds = !children.some(holds);
    else if (verdict.kind === 'all') verdict.holds = children.every(holds);
    else if (verdict.kind === 'any') verdict.holds = children.some(holds);
  }
  const conditions = visited.slice(0, mostConditions).map(({ verdict }) => verdict);
  return { conditions, truncated: visited.length > mostConditions };
}

/** @param field whose value it is: some names alone announce a secret */
function shown(value: unknown, field = ''): unknown {
  const name = field.split('.').at(-1) ?? '';
  const masked = (maskValue({ [name]: value }) as Record<string, unknown>)[name];
  const text = typeof masked === 'string' ? masked : JSON.stringify(masked);
  if (text === undefined || text.length <= longestText) return masked;
  return shorten(text, longestText);
}
