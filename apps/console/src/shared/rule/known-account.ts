import { queryOptions } from '@tanstack/react-query';
import { api, dataOf } from '../client.ts';

/** The login of a trading account that there is, for an event to begin with; null: none is known. */
export const knownLoginQuery = queryOptions({
  queryKey: ['directory', 'accounts', 'one'],
  queryFn: async (): Promise<number | null> => {
    const params = { path: { kind: 'accounts' as const }, query: { limit: '1' } };
    const { records } = await dataOf(api.GET('/api/workflow/directory/{kind}', { params }));
    const { login = null } = (records[0]?.record ?? {}) as { login?: unknown };
    return typeof login === 'number' ? login : null;
  },
});
