/** `signalbox rules …` */
import { Option, type Command } from '@commander-js/extra-typings';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { ruleStatuses } from '#libs/domain/rules/rule.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { authorName } from '../author-name.ts';
import { brandOption, byOption, jsonOption, type Tools } from '../command.ts';
import { fileOption, readInputFiles } from '../input-files.ts';
import { table } from '../table.ts';
import { acceptedRules, allRules } from './accepted-rules.ts';
import { addBacktest } from './backtest.commands.ts';
import { applyByTwo, overrideOption } from './four-eyes.ts';
import { addRuleCode, showChanges } from './rule-code.commands.ts';
import { ruleText } from './rule-text.ts';

const filesHelp = `A file holds one rule, a list of rules, or { rules: [...] }, as YAML or (ending in .json) as JSON.
Every issue is listed as file: place: sentence, and nothing is stored while there is one.
Warnings are listed likewise and change nothing: among them rules that start themselves again, by themselves or through
others, and rules that contradict an active rule.`;

export function addRuleCommands(group: Command, tools: Tools): void {
  const { store, out } = tools;
  group
    .command('apply')
    .argument('[files...]')
    .description(
      `Create and change rules from files, all of them or none

${filesHelp}
A rule without an id gets one from its name and brand, so applying a file again changes its rules.
A rule that says what is stored already keeps its version.`,
    )
    .addOption(fileOption)
    .addOption(byOption)
    .addOption(overrideOption)
    .option('--dry-run', 'store nothing, and show what would change: exit code 2 when something would, 0 when not')
    .addOption(jsonOption)
    .action(async (files, { file = [], by, overrideFourEyes, dryRun, json }) => {
      const documents = await readInputFiles([...file, ...files], tools);
      const { writes } = await acceptedRules(documents, tools, 'Nothing was stored');
      if (dryRun) return showChanges(writes, tools, json);
      const applied = await applyByTwo(writes, authorName(by), overrideFourEyes, tools);
      if (json) return out(writeJson(applied));
      const rows = applied.map(({ rule, outcome }) => [outcome, rule.id, `v${rule.version}`, rule.status, rule.name]);
      out(table(['OUTCOME', 'ID', 'VERSION', 'STATUS', 'NAME'], rows));
    });

  group
    .command('validate')
    .argument('[files...]')
    .description(`Check rule files without storing anything\n\n${filesHelp}`)
    .addOption(fileOption)
    .option(
      '--offline',
      'ask no store: only the built-in fields are known, none of your own status types, and rules are held against those of the files only',
    )
    .action(async (files, { file = [], offline }) => {
      const documents = await readInputFiles([...file, ...files], tools);
      const { writes } = await acceptedRules(documents, tools, 'Not valid', offline);
      out(`${writes.length} ${writes.length === 1 ? 'rule is' : 'rules are'} valid`);
    });

  group
    .command('list')
    .description('List rules in the order in which they run')
    .addOption(brandOption)
    .option('--trigger <event>')
    .addOption(new Option('--status <status>').choices(ruleStatuses))
    .addOption(jsonOption)
    .action(async ({ brand, trigger, status, json }) => {
      const filter = {
        ...(brand !== undefined && { brand }),
        ...(trigger !== undefined && { trigger }),
        ...(status !== undefined && { status }),
      };
      const found = await allRules(tools, filter);
      if (json) return out(writeJson(found));
      const rows = found.map((rule) => [
        rule.priority,
        rule.id,
        `v${rule.version}`,
        rule.status,
        rule.brand ?? 'every brand',
        rule.trigger_event,
        rule.name,
      ]);
      out(table(['PRIORITY', 'ID', 'VERSION', 'STATUS', 'BRAND', 'TRIGGER', 'NAME'], rows));
    });

  group
    .command('show')
    .argument('<id>', 'of a rule')
    .description('Show a rule')
    .addOption(jsonOption)
    .action(async (id, { json }) => {
      const rule = await (await store()).rules.get(id);
      if (rule === null) throw new PermanentError('rule_not_found', `There is no rule "${id}".`);
      out(json ? writeJson(rule) : ruleText(rule));
    });

  group
    .command('archive')
    .argument('<id>', 'of a rule')
    .description('Retire a rule: it stays readable and never runs again\n\nRuns that are under way carry on.')
    .addOption(byOption)
    .action(async (id, { by }) => {
      const rule = await (await store()).rules.archive(id, authorName(by));
      out(`archived ${rule.id} (v${rule.version})`);
    });

  group
    .command('delete')
    .argument('<id>', 'of a rule')
    .description('Delete a rule; its runs stay in the run log\n\nRuns that are under way carry on.')
    .addOption(byOption)
    .action(async (id, { by }) => {
      await (await store()).rules.delete(id, authorName(by));
      out(`deleted ${id}`);
    });

  addRuleCode(group, tools);
  addBacktest(group, tools);
}
