import { queryOptions } from '@tanstack/react-query';
import type { components } from '../shared/api-types.ts';
import { api, dataOf, pollEvery } from '../shared/client.ts';

export type Overview = components['schemas']['Overview'];
export type OverviewCount = components['schemas']['OverviewCount'];

/** Of the day in the time zone of the browser, so that it is the day of the reader. */
export function overviewQuery() {
  return queryOptions({
    queryKey: ['overview'],
    queryFn: async () => {
      const query = { from: startOfDay(new Date()) };
      return (await dataOf(api.GET('/api/workflow/overview', { params: { query } }))).overview;
    },
    refetchInterval: pollEvery(3000),
    meta: { live: true },
  });
}

/** @returns ISO 8601 UTC */
export function startOfDay(now: Date): string {
  const day = new Date(now);
  day.setHours(0, 0, 0, 0);
  return day.toISOString();
}
