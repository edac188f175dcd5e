/** What pages of bulk operations show, as their address says it. */
export const outcomeStates = ['pending', 'done', 'skipped', 'failed'] as const;
export type OutcomeState = (typeof outcomeStates)[number];

export interface BulkSearch {
  state?: OutcomeState;
  cursor?: string;
}

/** Leaves out what is no filter: a link may be old or mistyped. */
export function readBulkSearch({ state, cursor }: Record<string, unknown>): BulkSearch {
  const known = outcomeStates.find((one) => one === state);
  return {
    ...(known !== undefined && { state: known }),
    ...(typeof cursor === 'string' && cursor !== '' && { cursor }),
  };
}
