import { queryOptions } from '@tanstack/react-query';
import { api, dataOf, pollEvery, type Approval } from '../shared/client.ts';
import type { ApprovalsSearch } from './approvals-search.ts';

/** As many as the API gives in one page. */
export const mostApprovals = 500;

export function approvalsQuery({ view }: ApprovalsSearch) {
  const query = view === 'all' ? {} : view === 'open' ? { state: 'open' as const } : { mine: 'true' as const };
  return queryOptions({
    queryKey: ['approvals', view ?? 'mine'],
    queryFn: () =>
      dataOf(api.GET('/api/workflow/approvals', { params: { query: { ...query, limit: String(mostApprovals) } } })),
    refetchInterval: pollEvery(3000),
  });
}

export function approvalQuery(token: string) {
  return queryOptions({
    queryKey: ['approval', token],
    queryFn: async () =>
      (await dataOf(api.GET('/api/workflow/approvals/{token}', { params: { path: { token } } }))).approval,
    refetchInterval: pollEvery(2000),
  });
}

/** What waits first: the soonest due, then what is never due, then what is closed, the newest first. */
export function dueFirst(approvals: readonly Approval[]): Approval[] {
  const rank = ({ state, expires_at }: Approval): string => (state !== 'open' ? '~~' : (expires_at ?? '~'));
  return [...approvals].sort((a, b) => compare(rank(a), rank(b)) || compare(b.asked_at, a.asked_at));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isOverdue({ state, expires_at }: Approval, now = Date.now()): boolean {
  return state === 'open' && expires_at !== null && Date.parse(expires_at) < now;
}
