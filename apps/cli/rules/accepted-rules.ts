/** The rules of files, once nothing is wrong with any of them, and the rules of the store. */
import type { Rule } from '#libs/domain/rules/rule.ts';
import type { RuleFilter } from '#libs/store/rules/rule.repository.ts';
import { InvalidError } from '../cli-error.ts';
import type { Tools } from '../command.ts';
import type { InputDocument } from '../input-files.ts';
import { readRules, type RuleEnvironment, type RuleFiles } from './rule-files.ts';

/** Shows warnings. @param isOffline whether no store is asked @throws InvalidError when there are issues */
export async function acceptedRules(
  documents: InputDocument[],
  tools: Tools,
  refusal: string,
  isOffline = false,
): Promise<RuleFiles> {
  const files = readRules(documents, isOffline ? null : await buildEnvironment(tools));
  for (const warning of files.warnings) tools.note(warning);
  const { length } = files.issues;
  if (length > 0) throw new InvalidError(`${refusal}: ${length} ${length === 1 ? 'issue' : 'issues'}.`, files.issues);
  return files;
}

async function buildEnvironment({ store }: Tools): Promise<RuleEnvironment> {
  const { rules, directory, triggers } = await store();
  const [{ rules: matched }, statuses, observed] = await Promise.all([
    rules.snapshot(),
    directory.listAll('statuses'),
    triggers.list(),
  ]);
  const active = matched.filter(({ status }) => status === 'active');
  return { active, statuses, observed: new Set(observed.map(({ name }) => name)) };
}

/** In the order in which they run. */
export async function allRules({ store }: Tools, filter: RuleFilter): Promise<Rule[]> {
  const { rules } = await store();
  const found: Rule[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Awaited<ReturnType<typeof rules.list>> = await rules.list(filter, {
      limit: 500,
      ...(cursor !== '' && { cursor }),
    });
    found.push(...page.items);
    cursor = page.nextCursor;
  }
  return found;
}
