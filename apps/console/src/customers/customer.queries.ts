import { queryOptions } from '@tanstack/react-query';
import type { components } from '../shared/api-types.ts';
import { api, dataOf } from '../shared/client.ts';

export type Customer = components['schemas']['Customer'];
export type CustomerAccount = components['schemas']['CustomerAccount'];

export function customerQuery(id: string, brand: string | undefined) {
  const params = { path: { id }, query: brand === undefined ? {} : { brand } };
  return queryOptions({
    queryKey: ['customer', id, brand],
    queryFn: async () => (await dataOf(api.GET('/api/workflow/customers/{id}', { params }))).customer,
  });
}
