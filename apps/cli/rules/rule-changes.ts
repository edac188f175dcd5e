/** What applying rules would change, for people. */
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { diffRules, type RuleDifference } from '#libs/domain/rules/rule-diff.ts';
import type { Rule, RuleDefinition } from '#libs/domain/rules/rule.ts';
import type { RuleWrite } from '#libs/domain/rules/rule-plan.ts';
import { shorten } from '#libs/domain/values/shorten.ts';

export interface RuleChanges {
  id: string;
  outcome: 'created' | 'changed' | 'unchanged';
  changes: RuleDifference[];
}

/** Characters shown of a value. */
const maxValueLength = 200;

/** @param stored the rule of an id, null where there is none */
export function listChanges(writes: readonly RuleWrite[], stored: ReadonlyMap<string, Rule | null>): RuleChanges[] {
  return writes.map(({ id, definition }) => {
    const before: RuleDefinition | null = stored.get(id) ?? null;
    const changes = diffRules(before, definition);
    return { id, outcome: before === null ? 'created' : changes.length > 0 ? 'changed' : 'unchanged', changes };
  });
}

/** One line for each rule that would change and, below it, for each place. */
export function changesText(changes: readonly RuleChanges[]): string {
  const lines = changes
    .filter(({ outcome }) => outcome !== 'unchanged')
    .flatMap(({ id, outcome, changes: places }) => [
      `${outcome} ${id}`,
      ...(outcome === 'changed' ? places.map(pathText) : []),
    ]);
  const unchanged = changes.filter(({ outcome }) => outcome === 'unchanged').length;
  return [...lines, `${changes.length - unchanged} would change, ${unchanged} unchanged`].join('\n');
}

function pathText(difference: RuleDifference): string {
  const [before, after] = (['before', 'after'] as const).map((side) =>
    side in difference ? valueText(difference[side]) : '(none)',
  );
  return `  ${difference.path}: ${before} → ${after}`;
}

function valueText(value: unknown): string {
  return shorten(writeJson(value), maxValueLength);
}
