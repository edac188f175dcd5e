/** A rule for people: the parts in the order in which they matter, conditions as an indented list. */
import { describeSpan } from '#libs/domain/admission/admission.ts';
import type { ConditionNode, Rule } from '#libs/domain/rules/rule.ts';
import { details } from '../table.ts';

/** Deeper conditions are cut off here; `--json` shows all of them. */
const maxDepth = 20;

export function ruleText(rule: Rule): string {
  const fields = details([
    ['id', rule.id],
    ['name', rule.name],
    ['description', rule.description],
    ['status', rule.status],
    ['version', rule.version],
    ['brand', rule.brand ?? 'every brand'],
    ['trigger', rule.trigger_event],
    ['priority', `${rule.priority}${rule.stop_after ? ', holds back rules after it' : ''}`],
    ...guardLines(rule),
    ['created', `${rule.created_at} by ${rule.created_by}`],
    ['updated', `${rule.updated_at} by ${rule.updated_by}`],
    ...(rule.archived_at === null ? [] : ([['archived', rule.archived_at]] as [string, string][])),
  ]);
  const actions = rule.actions.map(({ type, params }, index) => `  ${index + 1}. ${type} ${JSON.stringify(params)}`);
  return [fields, '', 'conditions:', ...conditionLines(rule.conditions, 1), '', 'actions:', ...actions].join('\n');
}

function guardLines({ re_enroll, limit }: Rule): [string, string][] {
  const lines: [string, string][] = [];
  if (re_enroll === 'once') lines.push(['runs', 'once for each customer']);
  else if (re_enroll !== undefined) lines.push(['runs', `once in ${describeSpan(re_enroll)} for each customer`]);
  if (limit !== undefined) {
    lines.push(['limit', `${limit.count} runs in ${describeSpan(limit.per)}, further ones are held`]);
  }
  return lines;
}

function conditionLines(node: ConditionNode, depth: number): string[] {
  const indent = '  '.repeat(depth);
  if (depth > maxDepth) return [`${indent}... (--json shows the rest)`];
  if ('not' in node) return [`${indent}not`, ...conditionLines(node.not, depth + 1)];
  if ('rules' in node) {
    const heading = node.rules.length === 0 ? `${node.match} of nothing` : `${node.match} of`;
    return [`${indent}${heading}`, ...node.rules.flatMap((child) => conditionLines(child, depth + 1))];
  }
  const value = node.value === undefined ? '' : ` ${JSON.stringify(node.value)}`;
  return [`${indent}${node.field} ${node.operator}${value}`];
}
