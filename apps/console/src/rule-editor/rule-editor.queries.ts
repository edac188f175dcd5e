import { queryOptions } from '@tanstack/react-query';
import type { components } from '../shared/api-types.ts';
import { api, dataOf } from '../shared/client.ts';

export type Registry = Awaited<ReturnType<typeof readRegistry>>;
export type Trigger = components['schemas']['Trigger'];
export type Field = components['schemas']['Field'];
export type ActionType = components['schemas']['ActionType'];
export type ActionParam = components['schemas']['ActionParam'];

function readRegistry() {
  return dataOf(api.GET('/api/workflow/registry'));
}

export const registryQuery = queryOptions({
  queryKey: ['registry'],
  queryFn: readRegistry,
  staleTime: 60_000,
});

/** The rule as it is edited: read once, since what is typed stands on the version that was read. */
export function ruleToEditQuery(ruleId: string) {
  return queryOptions({
    queryKey: ['rule-to-edit', ruleId],
    queryFn: () => readRule(ruleId),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    // Comparing with what was there before recurses, and conditions nest to any depth.
    structuralSharing: false,
  });
}

export async function readRule(ruleId: string) {
  return (await dataOf(api.GET('/api/workflow/rules/{id}', { params: { path: { id: ruleId } } }))).rule;
}
