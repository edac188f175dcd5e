/** Puts the example rules into an empty installation, through its API as a person would. */
import type { Rule } from '#libs/domain/rule.ts';
import type { ApiClient } from './api.client.ts';
import type { ExampleRule } from './example.files.ts';

export interface LoadedExamples {
  /** The stored example rules; empty when the installation holds rules of its own only. */
  rules: Rule[];
  /** What was done, for people. */
  notes: string[];
}

const rulesPath = '/api/workflow/rules';

/**
 * Loads the rules where there are none. Rules that an earlier start loaded stay as they are now, edits included;
 * only the address of the example receiver follows it when its port has moved.
 */
export async function loadExampleRules(api: ApiClient, examples: ExampleRule[]): Promise<LoadedExamples> {
  const stored = await api.list<Rule>(rulesPath, 'rules');
  if (stored.length === 0) {
    const rules: Rule[] = [];
    for (const rule of examples) rules.push((await api.post<{ rule: Rule }>(rulesPath, { rule })).rule);
    return { rules, notes: [`${rules.length} example rules loaded`] };
  }

  const rules: Rule[] = [];
  let moved = 0;
  for (const example of examples) {
    const rule = stored.find(({ name, status }) => name === example.name && status === 'active');
    if (rule === undefined) continue;
    const actions = withAddressesOf(rule.actions, example);
    if (JSON.stringify(actions) === JSON.stringify(rule.actions)) rules.push(rule);
    else {
      const definition = { ...example, ...definitionOf(rule), actions };
      rules.push(
        (await api.put<{ rule: Rule }>(`${rulesPath}/${rule.id}`, { rule: definition, version: rule.version })).rule,
      );
      moved += 1;
    }
  }
  return { rules, notes: moved === 0 ? [] : [`the example receiver has moved: ${moved} example rules follow it`] };
}

const local = /^http:\/\/127\.0\.0\.1:\d+(?=\/)/;

/** The actions with every address of an example receiver, past or present, replaced by the present one. */
export function withAddressesOf(actions: Rule['actions'], example: ExampleRule): Rule['actions'] {
  const now = new Map<string, string>();
  for (const { params } of (example['actions'] ?? []) as Rule['actions']) {
    const url = String(params['url'] ?? '');
    if (local.test(url)) now.set(url.replace(local, ''), url);
  }
  return actions.map((action) => {
    const url = String(action.params['url'] ?? '');
    const moved = local.test(url) ? now.get(url.replace(local, '')) : undefined;
    return moved === undefined ? action : { ...action, params: { ...action.params, url: moved } };
  });
}

function definitionOf({ name, description, brand, trigger_event, conditions, priority, stop_after, status }: Rule) {
  return { name, description, brand, trigger_event, conditions, priority, stop_after, status };
}
