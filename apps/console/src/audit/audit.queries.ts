import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, dataOf, pollEvery } from '../shared/client.ts';
import type { AuditOperation, AuditSearch } from './audit-search.ts';

export function auditQuery({ operation, ...search }: AuditSearch) {
  // What is no operation is told by the API.
  const asked = operation === undefined ? {} : { operation: operation as AuditOperation };
  const query = { ...search, ...asked, limit: '50' };
  return queryOptions({
    queryKey: ['audit', query],
    queryFn: () => dataOf(api.GET('/api/workflow/audit', { params: { query } })),
    refetchInterval: pollEvery(10_000),
    placeholderData: keepPreviousData,
  });
}
