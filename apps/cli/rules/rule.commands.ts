/** `signalbox rules …` */
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { ruleStatuses } from '#libs/domain/rules/rule.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { authorName } from '../author-name.ts';
import { command, noArguments, readOneOf, onlyArgument, type Command } from '../command.ts';
import { fileOption, readInputFiles } from '../input-files.ts';
import { table } from '../table.ts';
import { acceptedRules, allRules } from './accepted-rules.ts';
import { backtestCommands } from './backtest.commands.ts';
import { applyByTwo, overrideHelp, overrideOption } from './four-eyes.ts';
import { ruleCodeCommands, showChanges } from './rule-code.commands.ts';
import { ruleText } from './rule-text.ts';

const author = { by: { type: 'string' } } as const;
const json = { json: { type: 'boolean' } } as const;

const filesHelp = `A file holds one rule, a list of rules, or { rules: [...] }, as YAML or (ending in .json) as JSON.
Every issue is listed as file: place: sentence, and nothing is stored while there is one.
Warnings are listed likewise and change nothing: among them rules that start themselves again, by themselves or through
others, and rules that contradict an active rule.`;

const apply = command({
  name: 'rules apply',
  summary: 'Create and change rules from files, all of them or none',
  details: `
Usage: signalbox rules apply -f FILE... [--by NAME] [--override-four-eyes REASON] [--dry-run] [--json]

${filesHelp}
A rule without an id gets one from its name and brand, so applying a file again changes its rules.
A rule that says what is stored already keeps its version.

  -f, --file FILE  a file, a folder of files, or - for standard input; may be given several times
  --by NAME        who makes the change (default: your login name)
${overrideHelp}
  --dry-run        store nothing, and show what would change: exit code 2 when something would, 0 when not
  --json           print the applied rules as JSON`,
  options: { ...fileOption, ...author, ...overrideOption, ...json, 'dry-run': { type: 'boolean' } },
  async run({ values, positionals }, tools) {
    const documents = await readInputFiles([...values.file, ...positionals], tools);
    const { writes } = await acceptedRules(documents, tools, 'Nothing was stored');
    if (values['dry-run']) return showChanges(writes, tools, values.json);
    const by = authorName(values.by);
    const applied = await applyByTwo(writes, by, values['override-four-eyes'], tools);
    if (values.json) tools.out(writeJson(applied));
    else {
      const rows = applied.map(({ rule, outcome }) => [outcome, rule.id, `v${rule.version}`, rule.status, rule.name]);
      tools.out(table(['OUTCOME', 'ID', 'VERSION', 'STATUS', 'NAME'], rows));
    }
  },
});

const validate = command({
  name: 'rules validate',
  summary: 'Check rule files without storing anything',
  details: `
Usage: signalbox rules validate -f FILE... [--offline]

${filesHelp}

  -f, --file FILE  a file, a folder of files, or - for standard input; may be given several times
  --offline        ask no store: only the built-in fields are known, none of your own status types, and rules are held
                   against those of the files only`,
  options: { ...fileOption, offline: { type: 'boolean' } },
  async run({ values, positionals }, tools) {
    const documents = await readInputFiles([...values.file, ...positionals], tools);
    const { writes } = await acceptedRules(documents, tools, 'Not valid', values.offline);
    tools.out(`${writes.length} ${writes.length === 1 ? 'rule is' : 'rules are'} valid`);
  },
});

const list = command({
  name: 'rules list',
  summary: 'List rules in the order in which they run',
  details: `
Usage: signalbox rules list [--brand BRAND] [--trigger EVENT] [--status ${ruleStatuses.join('|')}] [--json]`,
  options: { brand: { type: 'string' }, trigger: { type: 'string' }, status: { type: 'string' }, ...json },
  async run({ values: { brand, trigger, status, json: asJson }, positionals }, tools) {
    noArguments(positionals);
    const filter = {
      ...(brand !== undefined && { brand }),
      ...(trigger !== undefined && { trigger }),
      ...(status !== undefined && { status: readOneOf('--status', status, ruleStatuses) }),
    };
    const found = await allRules(tools, filter);
    if (asJson) return tools.out(writeJson(found));
    const rows = found.map((rule) => [
      rule.priority,
      rule.id,
      `v${rule.version}`,
      rule.status,
      rule.brand ?? 'every brand',
      rule.trigger_event,
      rule.name,
    ]);
    tools.out(table(['PRIORITY', 'ID', 'VERSION', 'STATUS', 'BRAND', 'TRIGGER', 'NAME'], rows));
  },
});

const show = command({
  name: 'rules show',
  summary: 'Show a rule',
  details: 'Usage: signalbox rules show ID [--json]',
  options: json,
  async run({ values, positionals }, { store, out }) {
    const id = onlyArgument(positionals, 'the id of a rule');
    const rule = await (await store()).rules.get(id);
    if (rule === null) throw new PermanentError('rule_not_found', `There is no rule "${id}".`);
    out(values.json ? writeJson(rule) : ruleText(rule));
  },
});

const archive = command({
  name: 'rules archive',
  summary: 'Retire a rule: it stays readable and never runs again',
  details: 'Usage: signalbox rules archive ID [--by NAME]\n\nRuns that are under way carry on.',
  options: author,
  async run({ values, positionals }, { store, out }) {
    const id = onlyArgument(positionals, 'the id of a rule');
    const rule = await (await store()).rules.archive(id, authorName(values.by));
    out(`archived ${rule.id} (v${rule.version})`);
  },
});

const remove = command({
  name: 'rules delete',
  summary: 'Delete a rule; its runs stay in the run log',
  details: 'Usage: signalbox rules delete ID [--by NAME]\n\nRuns that are under way carry on.',
  options: author,
  async run({ values, positionals }, { store, out }) {
    const id = onlyArgument(positionals, 'the id of a rule');
    await (await store()).rules.delete(id, authorName(values.by));
    out(`deleted ${id}`);
  },
});

export const ruleCommands: Command[] = [
  apply,
  validate,
  list,
  show,
  archive,
  remove,
  ...ruleCodeCommands,
  ...backtestCommands,
];
