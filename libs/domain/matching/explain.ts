/** Why a rule matches a context or does not: every condition with what it saw, what it wanted and whether it holds. */
import { compileRule, type CompiledRule } from './compiled-rule.ts';
import type { RuntimeContext } from '../context/evaluation-context.ts';
import { SignalboxError } from '../errors/errors.ts';
import { PredicateCompiler } from './predicate-compiler.ts';
import { maskedExcerpt, maskedOutline } from '../masking/masked-excerpt.ts';
import { at, formatJsonPath, type JsonPath } from '../errors/json-path.ts';
import { RuleIndex } from './rule-index.ts';
import { isMatched, type ConditionNode, type Operator, type Rule, type RuleStatus } from '../rules/rule.ts';

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
 * - `runs`: it matches and its actions are executed, unless admission (`re_enroll`, `limit`) denies it
 * - `shadow`: it matches, and its status lets it do nothing
 * - `stopped`: it matches, and the `stop_after` of another holds it back
 * - `no_match`: its conditions do not hold
 * - `not_in_use`: its status keeps it from being matched; whether its conditions hold stands in `matches`
 * - `unusable`: it cannot be compiled
 */
export type RuleVerdict = 'runs' | 'shadow' | 'stopped' | 'no_match' | 'not_in_use' | 'unusable';

export interface RuleExplanation {
  rule_id: string;
  rule_name: string;
  version: number;
  status: RuleStatus;
  brand: string | null;
  priority: number;
  verdict: RuleVerdict;
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
export const maxConditions = 200;
/** Characters shown of a text that a condition saw or wanted. */
const maxTextLength = 200;
/** Characters shown of a text in an action, and of all actions of a rule as JSON. */
const maxActionTextLength = 4_000;
const maxActions = 16_000;

/**
 * @param rules of the trigger and of the brand of the context or no brand
 * @param most so many are explained, the first ones
 * @returns one for each rule: those that run, in their order, then the others by priority
 */
export function explainMatch(
  rules: readonly Rule[],
  trigger: string,
  context: RuntimeContext,
  most = Number.POSITIVE_INFINITY,
): RuleExplanation[] {
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
  const running = new Map(ids(matched).map((id, place) => [id, place + 1]));
  const inShadow = new Set(ids(shadow));
  const stopped = new Map(skipped.map(({ rule, stoppedBy }) => [rule.rule.id, stoppedBy.rule.id]));
  const acting = new Map([...matched, ...shadow].map((compiled) => [compiled.rule.id, compiled]));
  const last = Number.MAX_SAFE_INTEGER;
  const orderOf = ({ id }: Rule): number => running.get(id) ?? last;
  const sorted = rules.toSorted((a, b) => orderOf(a) - orderOf(b) || a.priority - b.priority);
  const seen = new SeenValues(context);
  return sorted.slice(0, most).map((rule): RuleExplanation => {
    const { id, name, version, status, brand, priority } = rule;
    const facts = { rule_id: id, rule_name: name, version, status, brand, priority };
    if (unusable.has(id)) return { ...facts, ...nothing, verdict: 'unusable' };
    const matches = compileRule(rule, seen.leaves).program.evaluate(context);
    const verdict = (): RuleVerdict => {
      if (running.has(id)) return 'runs';
      if (inShadow.has(id)) return 'shadow';
      if (!isMatched(status)) return 'not_in_use';
      // One in shadow that is held back is no more than noted, either.
      return matches ? 'stopped' : 'no_match';
    };
    return {
      ...facts,
      verdict: verdict(),
      matches,
      order: running.get(id) ?? null,
      stopped_by: stopped.get(id) ?? null,
      actions: toActions(acting.get(id), context),
      ...explainConditions(rule.conditions, seen),
    };
  });
}

function toActions(compiled: CompiledRule | undefined, context: RuntimeContext): unknown {
  if (compiled === undefined) return [];
  const actions = compiled.renderActions?.(context) ?? compiled.rule.actions;
  return maskedOutline(actions, maxActionTextLength, maxActions);
}

/** What the conditions see, each field masked once however many conditions read it. */
class SeenValues {
  readonly context: RuntimeContext;
  readonly leaves = new PredicateCompiler();
  readonly #shown = new Map<string, unknown>();

  constructor(context: RuntimeContext) {
    this.context = context;
  }

  of(field: string): unknown {
    if (!this.#shown.has(field)) {
      this.#shown.set(field, shown(this.leaves.reader(field).get(this.context) ?? null, field));
    }
    return this.#shown.get(field);
  }
}

const nothing = { matches: false, order: null, stopped_by: null, actions: [], conditions: [], truncated: false };

interface Visited {
  verdict: ConditionVerdict;
  /** Indexes of its children. */
  children: number[];
}

/** Looks at every condition, also at those that matching need not look at any more. */
function explainConditions(root: ConditionNode, seen: SeenValues): Pick<RuleExplanation, 'conditions' | 'truncated'> {
  const visited: Visited[] = [];
  const pending: { node: ConditionNode; place: JsonPath; parent: Visited | null }[] = [
    { node: root, place: at(null, 'conditions'), parent: null },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, place, parent } = next;
    // Paths and values are made for those that are shown only.
    const isShown = visited.length < maxConditions;
    const path = isShown ? formatJsonPath(place) : '';
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
        holds: seen.leaves.compile(node)(seen.context),
        field,
        operator,
        ...(isShown && value !== undefined && { wanted: shown(value, field) }),
        ...(isShown && { seen: seen.of(field) }),
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
  const conditions = visited.slice(0, maxConditions).map(({ verdict }) => verdict);
  return { conditions, truncated: visited.length > maxConditions };
}

function shown(value: unknown, field: string): unknown {
  return maskedExcerpt(value, field.split('.').at(-1) ?? '', maxTextLength);
}
