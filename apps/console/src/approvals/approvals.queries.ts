import { queryOptions } from '@tanstack/react-query';
import { api, dataOf, pollUnlessLive, type Approval } from '../shared/client.ts';
import type { ApprovalsSearch } from './approvals-search.ts';

const pageSize = '50';

/** What waits comes by when it is due; among all, the newest first. */
export function approvalsQuery({ view, cursor }: ApprovalsSearch) {
  const due = { sort: 'due' as const };
  const filter =
    view === 'all' ? {} : view === 'open' ? { ...due, state: 'open' as const } : { ...due, mine: 'true' as const };
  const query = { ...filter, limit: pageSize, ...(cursor !== undefined && { cursor }) };
  return queryOptions({
    queryKey: ['approvals', query],
    queryFn: () => dataOf(api.GET('/api/workflow/approvals', { params: { query } })),
    refetchInterval: pollUnlessLive(3000),
  });
}

/** With what it is about, and what follows an answer. */
export function approvalQuery(token: string) {
  return queryOptions({
    queryKey: ['approval', token],
    queryFn: () => dataOf(api.GET('/api/workflow/approvals/{token}', { params: { path: { token } } })),
    refetchInterval: pollUnlessLive(2000),
  });
}

export function isOverdue({ state, expires_at }: Approval, now = Date.now()): boolean {
  return state === 'open' && expires_at !== null && Date.parse(expires_at) < now;
}
