import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, dataOf, pollEvery, type Run } from '../shared/client.ts';
import type { RunsSearch } from './runs-search.ts';

const pageSize = '50';

export function runsQuery(search: RunsSearch) {
  const query = { ...search, limit: pageSize };
  return queryOptions({
    queryKey: ['runs', query],
    queryFn: () => dataOf(api.GET('/api/workflow/runs', { params: { query } })),
    refetchInterval: pollEvery(2000),
    placeholderData: keepPreviousData,
  });
}

export function runQuery(id: string) {
  return queryOptions({
    queryKey: ['run', id],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/runs/{id}', { params: { path: { id } } }))).run,
    // No event tells of the actions of a run that goes on.
    refetchInterval: pollEvery(1500, 1500),
  });
}

export function runEventsQuery(id: string) {
  const params = { path: { id }, query: { limit: '500' } };
  return queryOptions({
    queryKey: ['run-events', id],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/runs/{id}/events', { params }))).events,
    refetchInterval: pollEvery(3000),
  });
}

/** What the run waits for people with. */
export function approvalsOfRunQuery(runId: string) {
  const query = { run_id: runId, state: 'open' as const };
  return queryOptions({
    queryKey: ['approvals', 'of', runId],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/approvals', { params: { query } }))).approvals,
    refetchInterval: pollEvery(3000),
  });
}

export const commands = ['pause', 'resume', 'cancel', 'retry'] as const;
export type Command = (typeof commands)[number];

/** What an administrator may ask of a run as it is. */
export function commandsFor({ status }: Pick<Run, 'status'>): Command[] {
  if (status === 'running') return ['pause', 'cancel'];
  // A run that waits for people is paused, too, and its record does not tell at once what operators ask of it.
  if (status === 'paused') return ['pause', 'resume', 'cancel'];
  return status === 'failed' ? ['retry'] : [];
}
