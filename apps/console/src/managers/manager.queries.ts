import { queryOptions } from '@tanstack/react-query';
import type { components } from '../shared/api-types.ts';
import { api, dataOf } from '../shared/client.ts';

export type Manager = components['schemas']['Manager'];

export function managerQuery(id: string) {
  return queryOptions({
    queryKey: ['manager', id],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/managers/{id}', { params: { path: { id } } }))).manager,
  });
}
