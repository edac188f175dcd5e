/** `signalbox rules export|diff|schema`: rules as code. */
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { ruleFileSchema } from '#libs/domain/validation/rule-json-schema.ts';
import { ruleStatuses, writableStatuses } from '#libs/domain/rules/rule.ts';
import { Differs } from '../cli-error.ts';
import { command, noArguments, readOneOf, type Command, type Tools } from '../command.ts';
import { fileOption, readInputFiles } from '../input-files.ts';
import type { RuleWrite } from '#libs/domain/rules/rule-plan.ts';
import { acceptedRules, allRules } from './accepted-rules.ts';
import { listChanges, changesText, type RuleChanges } from './rule-changes.ts';
import { exported, ruleFileText, writeRuleFiles } from './rule-export.ts';

const exportRules = command({
  name: 'rules export',
  summary: 'Write rules as YAML, as rules apply reads them',
  details: `
Usage: signalbox rules export [--brand BRAND] [--trigger EVENT] [--status ${ruleStatuses.join('|')}] [--out FOLDER]

Rules come in the order of their ids, without what the server sets; archived ones are left out. The same rules always
give the same text.

  --out FOLDER  a file for each rule, ID.yaml; one that says the same already is left as it is, with its comments`,
  options: {
    brand: { type: 'string' },
    trigger: { type: 'string' },
    status: { type: 'string' },
    out: { type: 'string' },
  },
  async run({ values: { brand, trigger, status, out: folder }, positionals }, tools) {
    noArguments(positionals);
    const wanted = status === undefined ? [...writableStatuses] : readOneOf('--status', status, [...writableStatuses]);
    const rules = await allRules(tools, {
      status: wanted,
      ...(brand !== undefined && { brand }),
      ...(trigger !== undefined && { trigger }),
    });
    rules.sort((a, b) => (a.id < b.id ? -1 : 1));
    if (folder === undefined) return tools.out(ruleFileText({ rules: rules.map(exported) }).trimEnd());
    const written = await writeRuleFiles(rules, folder);
    tools.out(`${rules.length} rules in ${folder}, ${written} files written`);
  },
});

const diff = command({
  name: 'rules diff',
  summary: 'Show what applying rule files would change',
  details: `
Usage: signalbox rules diff -f FILE... [--json]

Exit code 0 when nothing would change, 2 when something would, 1 when the files are wrong.

  -f, --file FILE  a file, a folder of files, or - for standard input; may be given several times
  --json           print the changes as JSON`,
  options: { ...fileOption, json: { type: 'boolean' } },
  async run({ values, positionals }, tools) {
    const documents = await readInputFiles([...values.file, ...positionals], tools);
    const { writes } = await acceptedRules(documents, tools, 'Nothing was compared');
    await showChanges(writes, tools, values.json);
  },
});

const schema = command({
  name: 'rules schema',
  summary: 'Print the JSON Schema of a rule file, for editors',
  details: 'Usage: signalbox rules schema',
  options: {},
  run({ positionals }, { out }) {
    noArguments(positionals);
    out(JSON.stringify(ruleFileSchema(), null, 2));
    return Promise.resolve();
  },
});

export const ruleCodeCommands: Command[] = [exportRules, diff, schema];

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
