/** What the list of approvals shows, as its address says it. */
export const approvalViews = ['mine', 'open', 'all'] as const;

export interface ApprovalsSearch {
  /** Left out: those the session may answer. */
  view?: 'open' | 'all';
  cursor?: string;
}

export function readApprovalsSearch({ view, cursor }: Record<string, unknown>): ApprovalsSearch {
  return {
    ...((view === 'open' || view === 'all') && { view }),
    ...(typeof cursor === 'string' && cursor !== '' && { cursor }),
  };
}
