/** Puts the example directory and rules into an empty store, before the apps look into it. */
import type { Connection } from 'mongoose';
import { validateRule } from '#libs/domain/validation/validate-rule.ts';
import type { Rule, RuleDefinition } from '#libs/domain/rules/rule.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import type { DirectoryData } from '#libs/domain/directory/directory-data.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createRuleRepository, type RuleRepository } from '#libs/store/rules/rule.repository.ts';
import { exampleDirectory, exampleRules } from './example.files.ts';

export interface LoadedExamples {
  /** The stored example rules. */
  rules: Rule[];
  /** Ids of example rules that this store does not hold: it is the user's own, the examples do not belong into it. */
  missing: string[];
  /** What was done, for people. */
  note: string | null;
}

const author = 'examples';

/**
 * Rules that an earlier start loaded stay as they are now, edits included; only the address of the example receiver
 * follows it when its port has moved.
 *
 * @param receiver base URL that webhooks of the example rules go to
 */
export async function loadExamples(mongodbUri: string, folder: string, receiver: string): Promise<LoadedExamples> {
  const connection = await connectStore(mongodbUri);
  try {
    await ensureIndexes(connection);
    return await load(connection, folder, receiver);
  } finally {
    await connection.close();
  }
}

async function load(connection: Connection, folder: string, receiver: string): Promise<LoadedExamples> {
  const repository = createRuleRepository(connection);
  const directory = createDirectory(connection);
  const examples = exampleRules(folder, receiver).map(({ path, content }) => definitionIn(path, content));
  const stored = await allRules(repository);
  if (stored.length === 0) {
    const data = exampleDirectory(folder, receiver);
    if (await holdsOthers(directory, data)) return { rules: [], missing: examples.map(({ id }) => id), note: null };
    await directory.load(data);
    // The rules last: a start that is interrupted here is not taken for one that has loaded everything.
    const applied = await repository.apply(
      examples.map((rule) => ({ ...rule, ifVersion: 0 })),
      author,
    );
    const counts = `${applied.length} example rules, ${data.accounts.length} accounts, ${data.customers.length} customers`;
    return { rules: applied.map(({ rule }) => rule), missing: [], note: `loaded ${counts}` };
  }

  const mine = examples.flatMap(({ id, definition }) => {
    const rule = stored.find((one) => one.id === id && one.status === 'active');
    return rule === undefined
      ? []
      : [{ rule, definition: { ...rule, actions: withAddressesOf(rule.actions, definition) } }];
  });
  if (mine.length > 0) await moveEndpoints(directory, exampleDirectory(folder, receiver).endpoints);
  const writes = mine.map(({ rule, definition }) => ({ id: rule.id, definition, ifVersion: rule.version }));
  const applied = writes.length === 0 ? [] : await repository.apply(writes, author);
  const moved = applied.filter(({ outcome }) => outcome === 'updated').length;
  return {
    rules: applied.map(({ rule }) => rule),
    missing: examples.map(({ id }) => id).filter((id) => !mine.some(({ rule }) => rule.id === id)),
    note: moved === 0 ? null : `the example receiver has moved: ${moved} example rules follow it`,
  };
}

function definitionIn(path: string, content: unknown): { id: string; definition: RuleDefinition } {
  const { id, rule, errors } = validateRule(content);
  if (rule === null || id === null) {
    const lines = errors.map((error) => `  ${error.path}: ${error.message}`);
    throw new Error([`${path} is no rule:`, ...lines, ...(id === null ? ['  id: missing'] : [])].join('\n'));
  }
  return { id, definition: rule };
}

async function allRules(repository: RuleRepository): Promise<Rule[]> {
  const rules: Rule[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<RuleRepository['list']>> = await repository.list(
      {},
      cursor === null ? {} : { cursor },
    );
    rules.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return rules;
}

/** Whether the directory knows an account, customer or group that is none of the examples. */
async function holdsOthers(directory: Directory, data: DirectoryData): Promise<boolean> {
  const [groups, accounts, customers] = await Promise.all([
    directory.listAll('groups'),
    directory.listAll('accounts'),
    directory.listAll('customers'),
  ]);
  return (
    groups.some(({ name }) => !data.groups.some((group) => group.name === name)) ||
    accounts.some(({ login }) => !data.accounts.some((account) => account.login === login)) ||
    customers.some(({ id }) => !data.customers.some((customer) => customer.id === id))
  );
}

/** Example endpoints follow the receiver; one that points elsewhere stays. */
async function moveEndpoints(directory: Directory, endpoints: DirectoryData['endpoints']): Promise<void> {
  const stored = await directory.listAll('endpoints');
  const moved = endpoints.filter(({ name, url }) => {
    const known = stored.find((one) => one.name === name && one.brand === undefined);
    return known !== undefined && local.test(known.url) && new URL(known.url).origin !== new URL(url).origin;
  });
  if (moved.length > 0) await directory.load({ endpoints: moved });
}

const local = /^http:\/\/127\.0\.0\.1:\d+(?=\/)/;

/** The actions with every address of an example receiver, past or present, replaced by the present one. */
export function withAddressesOf(actions: Rule['actions'], example: Pick<Rule, 'actions'>): Rule['actions'] {
  const present = new Map<string, string>();
  for (const { params } of example.actions) {
    const { url } = params;
    if (typeof url === 'string' && local.test(url)) present.set(url.replace(local, ''), url);
  }
  return actions.map((action) => {
    const { url } = action.params;
    const moved = typeof url === 'string' && local.test(url) ? present.get(url.replace(local, '')) : undefined;
    return moved === undefined ? action : { ...action, params: { ...action.params, url: moved } };
  });
}
