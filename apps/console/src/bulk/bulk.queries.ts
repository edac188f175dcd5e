import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { RunFilters, RunStatus } from '../runs/runs-search.ts';
import { api, dataOf, pollEvery, type BulkOperation } from '../shared/client.ts';
import type { BulkSearch } from './bulk-search.ts';

const pageSize = '50';

export const bulkCommands = ['retry', 'cancel', 'release', 'discard'] as const;
export type BulkCommand = (typeof bulkCommands)[number];

const statuses: Record<BulkCommand, readonly RunStatus[]> = {
  retry: ['failed'],
  cancel: ['running', 'paused'],
  release: ['held'],
  discard: ['held'],
};

/** Those that may be given to the runs that the filter finds. */
export function bulkCommandsFor({ status, waits_for }: RunFilters): BulkCommand[] {
  return bulkCommands.filter((command) => {
    const isForStatus = status === undefined || statuses[command].includes(status);
    return isForStatus && (waits_for === undefined || command === 'cancel');
  });
}

/** Counts once: what is asked about stays the same while it is looked at. */
export function bulkPreviewQuery(command: BulkCommand, filter: RunFilters) {
  return queryOptions({
    queryKey: ['bulk-preview', command, filter],
    queryFn: () => dataOf(api.POST('/api/workflow/bulk-operations/preview', { body: { command, filter } })),
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

export function bulkListQuery({ cursor }: BulkSearch) {
  const query = { limit: pageSize, ...(cursor !== undefined && { cursor }) };
  return queryOptions({
    queryKey: ['bulk-operations', query],
    queryFn: () => dataOf(api.GET('/api/workflow/bulk-operations', { params: { query } })),
    refetchInterval: pollEvery(3000),
    placeholderData: keepPreviousData,
  });
}

/** One that has ended stays as it is. */
export function bulkQuery(id: string) {
  const params = { path: { id } };
  return queryOptions({
    queryKey: ['bulk-operation', id],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/bulk-operations/{id}', { params }))).bulk_operation,
    refetchInterval: (asked) => asked.state.data?.finished_at == null && pollEvery(1000)(asked),
  });
}

export function bulkOutcomesQuery({ id, finished_at }: Pick<BulkOperation, 'id' | 'finished_at'>, search: BulkSearch) {
  const query = { ...search, limit: pageSize };
  return queryOptions({
    // Once more when it has ended.
    queryKey: ['bulk-outcomes', id, query, finished_at],
    queryFn: () => dataOf(api.GET('/api/workflow/bulk-operations/{id}/outcomes', { params: { path: { id }, query } })),
    refetchInterval: (asked) => finished_at === null && pollEvery(2000)(asked),
    placeholderData: keepPreviousData,
  });
}
