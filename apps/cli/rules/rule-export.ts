/** Rules as files: the same rules always give the same text, and what people write beside them stays. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { isDeeperThan } from '#libs/domain/json/json-depth.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { diffRules } from '#libs/domain/rules/rule-diff.ts';
import { toDefinition } from '#libs/domain/rules/rule-definition.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { validateRule } from '#libs/domain/validation/validate-rule.ts';
import { parseYaml } from '../input-files.ts';
import { deepestYaml } from '../yaml-depth.ts';

/** What a file says of a rule. */
export function exported(rule: Rule): object {
  return { id: rule.id, ...toDefinition(rule) };
}

/** As YAML; as JSON, which is YAML too, where conditions nest too deeply for its reader. */
export function ruleFileText(content: unknown): string {
  if (isDeeperThan(content, deepestYaml)) return `${writeJson(content)}\n`;
  return stringify(content, { lineWidth: 0, aliasDuplicateObjects: false });
}

/**
 * Writes a file for each rule, `{id}.yaml`. One that says the same already is left as it is, with its comments.
 * @returns how many were written
 */
export async function writeRuleFiles(rules: readonly Rule[], folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  let written = 0;
  for (const rule of rules) {
    const file = join(folder, `${rule.id}.yaml`);
    if (await says(file, rule)) continue;
    await writeFile(file, ruleFileText(exported(rule)));
    written += 1;
  }
  return written;
}

async function says(file: string, rule: Rule): Promise<boolean> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  let contents: unknown[];
  try {
    contents = parseYaml(text);
  } catch {
    // Whatever it is, it is not this rule.
    return false;
  }
  const [content, ...others] = contents;
  const { rule: definition, id } = validateRule(content);
  return others.length === 0 && definition !== null && id === rule.id && diffRules(definition, rule).length === 0;
}
