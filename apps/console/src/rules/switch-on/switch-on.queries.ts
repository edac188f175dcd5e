import { queryOptions } from '@tanstack/react-query';
import { api, dataOf, pollEvery, type Rule, type RuleVersion } from '../../shared/client.ts';
import { toDefinition } from '../rule-definition.ts';

export function impactQuery(rule: Rule) {
  const params = { path: { id: rule.id } };
  const body = { rule: toDefinition(rule, 'active') };
  return queryOptions({
    queryKey: ['rule', rule.id, 'impact', rule.version],
    queryFn: async () => (await dataOf(api.POST('/api/workflow/rules/{id}/impact', { params, body }))).impact,
    staleTime: 30_000,
  });
}

export function backtestQuery(id: string) {
  const poll = pollEvery(1000);
  return queryOptions({
    queryKey: ['backtest', id],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/backtests/{id}', { params: { path: { id } } }))).backtest,
    refetchInterval: (asked) => {
      const { data } = asked.state;
      return data === undefined || data.status === 'running' ? poll(asked) : false;
    },
  });
}

/** The version that was active last, before the one there is; null: none of the latest was. */
export function lastActiveQuery(rule: Rule) {
  const params = { path: { id: rule.id }, query: { limit: '50' } };
  return queryOptions({
    queryKey: ['rule', rule.id, 'last-active', rule.version],
    queryFn: async () => lastActive((await dataOf(api.GET('/api/workflow/rules/{id}/versions', { params }))).versions),
  });
}

/** @param versions the newest first */
export function lastActive(versions: readonly Pick<RuleVersion, 'version' | 'changes'>[]): number | null {
  for (const { version, changes } of versions) {
    if (changes.some(({ path, before }) => path === 'status' && before === 'active')) return version - 1;
  }
  return null;
}
