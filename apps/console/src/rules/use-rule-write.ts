import { api, dataOf, type Rule } from '../shared/client.ts';
import { useWrite } from '../shared/use-write.ts';

/** On the version that was looked at: the API refuses it where the rule has been changed since. */
export type RuleWrite = { version: number } & (
  { status: 'active' | 'shadow' | 'inactive' | 'draft' } | { archive: true } | { rollBackTo: number }
);

export function useRuleWrite(id: string, onTaken: (rule: Rule) => void) {
  return useWrite((given: RuleWrite) => send(id, given), { onTaken, changes: [['rules'], ['rule', id]] });
}

async function send(id: string, given: RuleWrite): Promise<Rule> {
  const { version } = given;
  const path = { id };
  if ('status' in given) {
    const body = { status: given.status, version };
    return (await dataOf(api.POST('/api/workflow/rules/{id}/status', { params: { path }, body }))).rule;
  }
  if ('rollBackTo' in given) {
    const body = { to: given.rollBackTo, version };
    return (await dataOf(api.POST('/api/workflow/rules/{id}/rollback', { params: { path }, body }))).rule;
  }
  const params = { path, header: { 'If-Match': `"${version}"` } };
  return (await dataOf(api.POST('/api/workflow/rules/{id}/archive', { params }))).rule;
}
