/** `signalbox rules export|diff|schema`: rules as code. */
import { Option, type Command } from '@commander-js/extra-typings';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { ruleFileSchema } from '#libs/domain/validation/rule-json-schema.ts';
import { writableStatuses } from '#libs/domain/rules/rule.ts';
import { Differs } from '../cli-error.ts';
import { brandOption, jsonOption, type Tools } from '../command.ts';
import { fileOption, readInputFiles } from '../input-files.ts';
import type { RuleWrite } from '#libs/domain/rules/rule-plan.ts';
import { acceptedRules, allRules } from './accepted-rules.ts';
import { listChanges, changesText, type RuleChanges } from './rule-changes.ts';
import { exported, ruleFileText, writeRuleFiles } from './rule-export.ts';

export function addRuleCode(group: Command, tools: Tools): void {
  group
    .command('export')
    .description(
      `Write rules as YAML, as rules apply reads them

Rules come in the order of their ids, without what the server sets; archived ones are left out. The same rules always
give the same text.`,
    )
    .addOption(brandOption)
    .option('--trigger <event>')
    .addOption(new Option('--status <status>').choices(writableStatuses))
    .option(
      '--out <folder>',
      'a file for each rule, ID.yaml; one that says the same already is left as it is, with its comments',
    )
    .action(async ({ brand, trigger, status, out: folder }) => {
      const rules = await allRules(tools, {
        status: status ?? [...writableStatuses],
        ...(brand !== undefined && { brand }),
        ...(trigger !== undefined && { trigger }),
      });
      rules.sort((a, b) => (a.id < b.id ? -1 : 1));
      if (folder === undefined) return tools.out(ruleFileText({ rules: rules.map(exported) }).trimEnd());
      const written = await writeRuleFiles(rules, folder);
      tools.out(`${rules.length} rules in ${folder}, ${written} files written`);
    });

  group
    .command('diff')
    .argument('[files...]')
    .description(
      `Show what applying rule files would change

Exit code 0 when nothing would change, 2 when something would, 1 when the files are wrong.`,
    )
    .addOption(fileOption)
    .addOption(jsonOption)
    .action(async (files, { file = [], json }) => {
      const documents = await readInputFiles([...file, ...files], tools);
      const { writes } = await acceptedRules(documents, tools, 'Nothing was compared');
      await showChanges(writes, tools, json);
    });

  group
    .command('schema')
    .description('Print the JSON Schema of a rule file, for editors')
    .action(() => tools.out(JSON.stringify(ruleFileSchema(), null, 2)));
}

/** @throws Differs when something would change */
export async function showChanges(writes: RuleWrite[], tools: Tools, asJson = false): Promise<void> {
  const { rules } = await tools.store();
  const stored = new Map(await Promise.all(writes.map(async ({ id }) => [id, await rules.get(id)] as const)));
  const changes = listChanges(writes, stored);
  tools.out(asJson ? writeJson(changes) : changesText(changes));
  if (changes.some(isChange)) throw new Differs();
}

function isChange({ outcome }: RuleChanges): boolean {
  return outcome !== 'unchanged';
}
