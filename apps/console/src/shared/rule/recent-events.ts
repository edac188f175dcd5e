import { queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '../client.ts';

/** Ids of events of a trigger that started the latest runs, newest first. */
export function recentEventsQuery(trigger: string) {
  return queryOptions({
    queryKey: ['events-of-runs', trigger],
    queryFn: async () => {
      const query = { trigger, limit: '50' };
      const { runs } = await dataOf(api.GET('/api/workflow/runs', { params: { query } }));
      return [...new Set(runs.map(({ event_id }) => event_id))];
    },
    enabled: trigger !== '',
  });
}
