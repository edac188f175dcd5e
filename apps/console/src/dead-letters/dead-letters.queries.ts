import { queryOptions } from '@tanstack/react-query';
import type { components } from '../shared/api-types.ts';
import { api, dataOf, pollEvery } from '../shared/client.ts';
import type { DeadLettersSearch } from './dead-letters-search.ts';

export type DeadLetter = components['schemas']['DeadLetter'];
export type ShownDeadLetter = components['schemas']['ShownDeadLetter'];
export type DeadLetterReason = components['schemas']['DeadLetterReason'];

/** Everything that a letter which is sent again changes. */
export const deadLetterKeys = [['dead-letters'], ['dead-letter']];

export function deadLettersQuery(search: DeadLettersSearch) {
  return queryOptions({
    queryKey: ['dead-letters', 'list', search],
    queryFn: () => dataOf(api.GET('/api/workflow/dead-letters', { params: { query: search } })),
    refetchInterval: pollEvery(5000),
  });
}

export function reasonsQuery() {
  return queryOptions({
    queryKey: ['dead-letters', 'reasons'],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/dead-letters/reasons'))).reasons,
    refetchInterval: pollEvery(10_000),
  });
}

export function deadLetterQuery(id: string) {
  return queryOptions({
    queryKey: ['dead-letter', id],
    queryFn: async () =>
      (await dataOf(api.GET('/api/workflow/dead-letters/{id}', { params: { path: { id } } }))).dead_letter,
    refetchInterval: pollEvery(5000),
  });
}
