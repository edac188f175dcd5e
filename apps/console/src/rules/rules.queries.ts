import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, dataOf, pollEvery, type Rule } from '../shared/client.ts';
import { toDefinition } from './rule-definition.ts';
import type { RulesSearch } from './rules-search.ts';

const pageSize = '50';

export function rulesQuery(search: RulesSearch) {
  const query = { ...search, limit: pageSize };
  return queryOptions({
    queryKey: ['rules', query],
    queryFn: () => dataOf(api.GET('/api/workflow/rules', { params: { query } })),
    refetchInterval: pollEvery(5000),
    placeholderData: keepPreviousData,
  });
}

/** By rule: when it matched last, and its runs since the day began here. */
export function activityQuery(ids: string[]) {
  const query = { ids: ids.join(','), since: startOfDay() };
  return queryOptions({
    queryKey: ['rule-activity', query],
    queryFn: async () => {
      const { rules } = await dataOf(api.GET('/api/workflow/rule-activity', { params: { query } }));
      return new Map(rules.map((one) => [one.rule_id, one]));
    },
    enabled: ids.length > 0,
    // It reads runs of every rule that is shown.
    refetchInterval: pollEvery(30_000),
    placeholderData: keepPreviousData,
  });
}

export function ruleQuery(id: string) {
  return queryOptions({
    queryKey: ['rule', id],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/rules/{id}', { params: { path: { id } } }))).rule,
    refetchInterval: pollEvery(5000),
  });
}

/** What is wrong with it now. Other rules change what it says, though seldom. */
export function warningsQuery({ id, version }: Pick<Rule, 'id' | 'version'>) {
  return queryOptions({
    queryKey: ['rule-warnings', id, version],
    queryFn: () => dataOf(api.GET('/api/workflow/rules/{id}/warnings', { params: { path: { id } } })),
    staleTime: 60_000,
  });
}

/** The same of many rules, by id: a rule that could not be checked is not among them. */
export function ruleSetWarningsQuery(rules: readonly Pick<Rule, 'id' | 'version' | 'status'>[]) {
  const shown = rules.filter(({ status }) => status !== 'archived');
  const query = { ids: shown.map(({ id }) => id).join(',') };
  return queryOptions({
    queryKey: ['rule-warnings', 'many', shown.map(({ id, version }) => `${id} ${version}`)],
    queryFn: async () => {
      const { rules: checked } = await dataOf(api.GET('/api/workflow/rule-warnings', { params: { query } }));
      return new Map(checked.map((one) => [one.rule_id, one]));
    },
    enabled: shown.length > 0,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

export function versionsQuery(id: string, cursor: string | undefined) {
  const params = { path: { id }, query: { limit: '20', ...(cursor !== undefined && { cursor }) } };
  return queryOptions({
    queryKey: ['rule', id, 'versions', cursor],
    queryFn: () => dataOf(api.GET('/api/workflow/rules/{id}/versions', { params })),
    placeholderData: keepPreviousData,
  });
}

export const mostHeld = 500;

/** The number of its held runs, up to `mostHeld`. */
export function heldQuery(ruleId: string) {
  const query = { rule_id: ruleId, status: 'held' as const, limit: String(mostHeld) };
  return queryOptions({
    queryKey: ['runs', 'held', ruleId],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/runs', { params: { query } }))).runs.length,
    refetchInterval: pollEvery(10_000),
  });
}

/** Of today, here, as ISO 8601 UTC. */
export function startOfDay(): string {
  return new Date(new Date().setHours(0, 0, 0, 0)).toISOString();
}

/** A version, and what it changed. It stays as it is. */
export function versionQuery(id: string, version: number) {
  const params = { path: { id, version: String(version) } };
  return queryOptions({
    queryKey: ['rule', id, 'version', version],
    queryFn: () => dataOf(api.GET('/api/workflow/rules/{id}/versions/{version}', { params })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What a rule would say differently if it said again what a version said. */
export function rollbackImpactQuery(rule: Rule, to: number) {
  const params = { path: { id: rule.id, version: String(to) } };
  return queryOptions({
    queryKey: ['rule', rule.id, 'rollback', rule.version, to],
    queryFn: async () => {
      const earlier = await dataOf(api.GET('/api/workflow/rules/{id}/versions/{version}', { params }));
      const body = { rule: toDefinition(earlier.rule, rule.status) };
      return (await dataOf(api.POST('/api/workflow/rules/{id}/impact', { params: { path: { id: rule.id } }, body })))
        .impact;
    },
  });
}
