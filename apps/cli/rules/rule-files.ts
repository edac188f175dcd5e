/** Rules out of files: one rule, a list of rules, or `{ rules: […] }` in each, every one validated. */
import type { Status } from '#libs/domain/directory/directory.ts';
import { fieldsWithStatuses } from '#libs/domain/context/fields.ts';
import { analyzeRules } from '#libs/domain/analysis/analyze-rules.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { validateRule } from '#libs/domain/validation/validate-rule.ts';
import { toRuleId } from '#libs/domain/rules/rule-id.ts';
import type { RuleWrite } from '#libs/domain/rules/rule-plan.ts';
import type { InputDocument } from '../input-files.ts';

export interface RuleFiles {
  /** All rules of all files; empty when there are issues. */
  writes: RuleWrite[];
  /** `file: path: sentence`, one for each issue. */
  issues: string[];
  warnings: string[];
}

interface Item {
  source: string;
  /** Where in its document the rule is: empty, `[2]` or `rules[2]`. */
  path: string;
  content: unknown;
}

/** What the rules will stand beside. */
export interface RuleEnvironment {
  active: Rule[];
  statuses: Status[];
  /** Types of events seen on Kafka. */
  observed: ReadonlySet<string>;
}

/** @param ruleSet null: nothing is known beyond the files */
export function readRules(documents: InputDocument[], ruleSet: RuleEnvironment | null): RuleFiles {
  const options =
    ruleSet === null
      ? {}
      : {
          fields: fieldsWithStatuses(ruleSet.statuses),
          isKnownTrigger: (name: string) => ruleSet.observed.has(name),
        };
  const writes: RuleWrite[] = [];
  const issues: string[] = [];
  const warnings: string[] = [];
  const itemOfId = new Map<string, Item>();
  for (const item of documents.flatMap(readItems)) {
    const { rule, id: given, ...found } = validateRule(item.content, options);
    issues.push(...found.errors.map(({ path, message }) => line(item, path, message)));
    warnings.push(...found.warnings.map(({ path, message }) => warningLine(item, path, message)));
    if (rule === null) continue;
    const id = given ?? toRuleId(rule.name, rule.brand);
    const other = itemOfId.get(id);
    if (other === undefined) itemOfId.set(id, item);
    else if (given === null)
      issues.push(line(item, 'name', `rule ${toPath(other, '')} has the same name and brand: give one an id`));
    else issues.push(line(item, 'id', `"${id}" is also the id of rule ${toPath(other, '')}`));
    writes.push({ id, definition: rule });
  }
  if (issues.length === 0 && writes.length === 0) issues.push('there is no rule in any file');
  if (issues.length > 0) return { writes: [], issues, warnings };
  const rules = writes.map(({ id, definition }) => ({ ...definition, id }));
  for (const [id, found] of analyzeRules(rules, ruleSet?.active ?? [], ruleSet?.statuses ?? [])) {
    const item = itemOfId.get(id);
    if (item !== undefined) warnings.push(...found.map(({ path, message }) => warningLine(item, path, message)));
  }
  return { writes, issues, warnings };
}

function readItems({ source, content }: InputDocument): Item[] {
  if (Array.isArray(content))
    return content.map((item, index) => ({ source, path: `[${index}]`, content: item as unknown }));
  if (isList(content)) return content.rules.map((item, index) => ({ source, path: `rules[${index}]`, content: item }));
  return [{ source, path: '', content }];
}

/** Told from a single rule by its only member: a rule has no member `rules`. */
function isList(content: unknown): content is { rules: unknown[] } {
  if (typeof content !== 'object' || content === null) return false;
  const { rules, ...others } = content as { rules?: unknown };
  return Array.isArray(rules) && Object.keys(others).length === 0;
}

function warningLine(item: Item, path: string, message: string): string {
  return `warning: ${line(item, path, message)}`;
}

/** @param message may begin with its path, as the validation of rules has it */
function line(item: Item, path: string, message: string): string {
  const named = [`${path}: `, `${path} `].find((start) => path !== '' && message.startsWith(start)) ?? '';
  return `${toPath(item, path)}: ${message.slice(named.length)}`;
}

function toPath({ source, path: base }: Item, path: string): string {
  const joined = base !== '' && path !== '' && !path.startsWith('[') ? `${base}.${path}` : `${base}${path}`;
  return joined === '' ? source : `${source}: ${joined}`;
}
