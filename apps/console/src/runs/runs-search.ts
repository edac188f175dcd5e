/** What the list of runs shows, as its address says it: the query of `GET /api/workflow/runs`. */
import { readTexts } from '../shared/search-texts.ts';

export const runStatuses = ['running', 'paused', 'held', 'failed', 'completed', 'skipped'] as const;
export type RunStatus = (typeof runStatuses)[number];
export const waitReasons = ['approval', 'delay', 'operator'] as const;
export type WaitReason = (typeof waitReasons)[number];

/** Filters by a text, in the order of the form. */
export const textFilters = ['rule_id', 'trigger', 'brand', 'customer_id', 'login', 'event_id'] as const;
/** Filters by the time at which a run was decided. */
export const timeFilters = ['from', 'to'] as const;

type TextFilters = Partial<Record<(typeof textFilters)[number] | (typeof timeFilters)[number], string>>;
export type RunFilters = TextFilters & { status?: RunStatus; waits_for?: WaitReason };
export type RunsSearch = RunFilters & { cursor?: string };

export function readRunsSearch(search: Record<string, unknown>): RunsSearch {
  const status = runStatuses.find((one) => one === search['status']);
  const waitsFor = waitReasons.find((one) => one === search['waits_for']);
  return {
    ...(status !== undefined && { status }),
    ...(waitsFor !== undefined && { waits_for: waitsFor }),
    ...readTexts(search, [...textFilters, ...timeFilters, 'cursor']),
  };
}

/** Which runs it is about, whatever page of them is shown. */
export function filtersOf({ cursor: _cursor, ...filters }: RunsSearch): RunFilters {
  return filters;
}
