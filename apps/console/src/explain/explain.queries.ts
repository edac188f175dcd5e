import { queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '../shared/client.ts';

export function explanationQuery(eventId: string) {
  return queryOptions({
    queryKey: ['explanation', eventId],
    queryFn: () => dataOf(api.GET('/api/workflow/events/{eventId}/explanation', { params: { path: { eventId } } })),
    staleTime: 10_000,
  });
}
