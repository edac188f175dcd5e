/**
 * What a rule does together with the others, as warnings: it starts itself again, or it contradicts another. A rule
 * that is not active does neither.
 */
import type { Status } from '../directory/directory.ts';
import type { Problem } from '../errors/errors.ts';
import { isMatchedByEvents, PreparedRule, type NamedRule } from './prepared-rule.ts';
import { RuleConflicts, type RuleConflict } from './rule-conflicts.ts';
import { RuleLoops, type Loop } from './rule-loops.ts';

/** More than anybody reads; also bounds the work. */
const maxWarnings = 100;
const maxNamedRules = 10;

/**
 * @param written rules that are about to be stored @param active rules that are stored; those of a written id are replaced
 * @param statuses the table, for rules that name a status by its id
 * @returns the warnings of each written rule that has any, by its id
 */
export function analyzeRules(
  written: readonly NamedRule[],
  active: readonly NamedRule[],
  statuses: readonly Status[],
): Map<string, Problem[]> {
  const replaced = new Set(written.map(({ id }) => id));
  const prepare = (rule: NamedRule): PreparedRule => new PreparedRule(rule, statuses);
  const own = written.filter(isMatchedByEvents).map(prepare);
  const others = active.filter((rule) => !replaced.has(rule.id) && isMatchedByEvents(rule)).map(prepare);
  const loops = new RuleLoops([...others, ...own]);
  const conflicts = new RuleConflicts();
  for (const rule of others) conflicts.add(rule);
  const warnings = new Map<string, Problem[]>();
  let count = 0;
  const add = (rule: PreparedRule, warning: Problem): void => {
    const ofRule = warnings.get(rule.rule.id) ?? [];
    warnings.set(rule.rule.id, [...ofRule, warning]);
    count += 1;
  };
  for (const rule of own) {
    if (count >= maxWarnings) break;
    const loop = loops.find(rule);
    if (loop !== null) add(rule, loopWarning(rule, loop));
    for (const conflict of conflicts.find(rule)) {
      if (count >= maxWarnings) break;
      add(rule, conflictWarning(conflict));
    }
    // Of two that are written together, the second says it.
    conflicts.add(rule);
  }
  return warnings;
}

function nameOf({ rule: { name, id } }: PreparedRule): string {
  return `${name} (${id})`;
}

function loopWarning({ rule }: PreparedRule, { action, trigger, through }: Loop): Problem {
  const path = `actions[${action}]`;
  const named = through.slice(0, maxNamedRules).map(({ title }) => title);
  if (named.length < through.length) named.push(`${through.length - named.length} more`);
  const way = named.length === 0 ? '' : ` through ${named.join(', then ')}`;
  const advice = 'a condition that is false then, or re_enroll, would end that';
  return {
    path,
    code: named.length === 0 ? 'triggers_itself' : 'part_of_a_loop',
    message: `${path} ${rule.actions[action]?.type} publishes ${trigger}, which may start this rule again${way}: ${advice}`,
    params: { name: trigger, rules: through.slice(0, maxNamedRules).map(nameOf), count: through.length },
  };
}

function conflictWarning({ action, field, value, other, othersValue }: RuleConflict): Problem {
  const path = `actions[${action}]`;
  const message = `${path} sets ${field} to ${value}, but ${other.title} sets it to ${othersValue} for events that both may match`;
  const params = { name: field, value, other_value: othersValue, rules: [nameOf(other)] };
  return { path, code: 'contradicts_rule', message, params };
}
