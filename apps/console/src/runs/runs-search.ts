/** What the list of runs shows, as its address says it: the query of `GET /api/workflow/runs`. */
export const runStatuses = ['running', 'paused', 'held', 'failed', 'completed', 'skipped'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** Filters by a text, in the order of the form. */
export const textFilters = ['rule_id', 'trigger', 'brand', 'customer_id', 'login', 'event_id'] as const;
/** Filters by the time at which a run was decided. */
export const timeFilters = ['from', 'to'] as const;

type Texts = Partial<Record<(typeof textFilters)[number] | (typeof timeFilters)[number] | 'cursor', string>>;
export type RunsSearch = Texts & { status?: RunStatus };

export function isRunStatus(value: unknown): value is RunStatus {
  return runStatuses.some((one) => one === value);
}

/** Leaves out what is no filter: a link may be old or mistyped. */
export function readRunsSearch(search: Record<string, unknown>): RunsSearch {
  const names = [...textFilters, ...timeFilters, 'cursor'] as const;
  const texts = names.flatMap((name) => {
    const value = search[name];
    return typeof value === 'string' && value !== '' ? [[name, value]] : [];
  });
  const { status } = search;
  return { ...(isRunStatus(status) && { status }), ...(Object.fromEntries(texts) as Texts) };
}
