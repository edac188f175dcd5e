/** What the list of dead letters shows, as its address says it. */
import { readTexts } from '../shared/search-texts.ts';

export const letterStates = ['open', 'unknown', 'sent'] as const;
export type LetterState = (typeof letterStates)[number];

/** Filters by a text, in the order of the form. */
export const letterFilters = ['reason', 'topic', 'brand'] as const;

export type DeadLettersSearch = Partial<Record<(typeof letterFilters)[number] | 'cursor', string>> & {
  state?: LetterState;
};

export function readDeadLettersSearch(search: Record<string, unknown>): DeadLettersSearch {
  const state = letterStates.find((one) => one === search['state']);
  return { ...readTexts(search, [...letterFilters, 'cursor']), ...(state !== undefined && { state }) };
}
