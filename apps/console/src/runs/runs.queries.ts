import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, dataOf, pollEvery, pollUnlessLive } from '../shared/client.ts';
import type { RunFilters, RunsSearch } from './runs-search.ts';

const pageSize = '50';

export function runsQuery(search: RunsSearch) {
  const query = { ...search, limit: pageSize };
  return queryOptions({
    queryKey: ['runs', query],
    queryFn: () => dataOf(api.GET('/api/workflow/runs', { params: { query } })),
    refetchInterval: pollUnlessLive(2000),
    placeholderData: keepPreviousData,
  });
}

export function runQuery(id: string) {
  return queryOptions({
    queryKey: ['run', id],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/runs/{id}', { params: { path: { id } } }))).run,
    // No event tells of the actions of a run that goes on.
    refetchInterval: pollEvery(1500),
  });
}

export function runEventsQuery(id: string) {
  const params = { path: { id }, query: { limit: '500' } };
  return queryOptions({
    queryKey: ['run-events', id],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/runs/{id}/events', { params }))).events,
    refetchInterval: pollUnlessLive(3000),
  });
}

/** What the run waits for people with. */
export function approvalsOfRunQuery(runId: string) {
  const query = { run_id: runId, state: 'open' as const };
  return queryOptions({
    queryKey: ['approvals', 'of', runId],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/approvals', { params: { query } }))).approvals,
    refetchInterval: pollUnlessLive(3000),
  });
}

/** No further than a thousand. */
export function runCountQuery(filters: RunFilters) {
  return queryOptions({
    queryKey: ['run-count', filters],
    queryFn: () => dataOf(api.GET('/api/workflow/runs/count', { params: { query: filters } })),
    refetchInterval: pollEvery(15_000),
  });
}

/** It never changes. */
export function runInputQuery(id: string) {
  return queryOptions({
    queryKey: ['run-input', id],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/runs/{id}/input', { params: { path: { id } } }))).input,
    staleTime: Infinity,
  });
}

/** For administrators. */
export function runDeliveriesQuery(id: string, isAsked: boolean) {
  const params = { path: { id } };
  return queryOptions({
    queryKey: ['run-deliveries', id],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/runs/{id}/deliveries', { params }))).deliveries,
    refetchInterval: pollEvery(3000),
    enabled: isAsked,
  });
}
