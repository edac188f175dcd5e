/** What the list of dead letters shows, as its address says it. */
export const letterStates = ['open', 'unknown', 'sent'] as const;
export type LetterState = (typeof letterStates)[number];

/** Filters by a text, in the order of the form. */
export const letterFilters = ['reason', 'topic', 'brand'] as const;

export type DeadLettersSearch = Partial<Record<(typeof letterFilters)[number] | 'cursor', string>> & {
  state?: LetterState;
};

/** Leaves out what is no filter: a link may be old or mistyped. */
export function readDeadLettersSearch(search: Record<string, unknown>): DeadLettersSearch {
  const texts = [...letterFilters, 'cursor'].flatMap((name) => {
    const value = search[name];
    return typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : [];
  });
  const state = letterStates.find((one) => one === search['state']);
  return { ...(Object.fromEntries(texts) as DeadLettersSearch), ...(state !== undefined && { state }) };
}
