/** What the list of rules shows, as its address says it: the query of `GET /api/workflow/rules`. */
export const ruleStatuses = ['active', 'shadow', 'draft', 'inactive', 'archived'] as const;
export type RuleStatus = (typeof ruleStatuses)[number];

export const textFilters = ['search', 'trigger', 'brand'] as const;

export type RulesSearch = Partial<Record<(typeof textFilters)[number] | 'cursor', string>> & { status?: RuleStatus };

/** Leaves out what is no filter: a link may be old or mistyped. */
export function readRulesSearch(search: Record<string, unknown>): RulesSearch {
  const status = ruleStatuses.find((one) => one === search['status']);
  const texts = [...textFilters, 'cursor'].flatMap((name) => {
    const value = search[name];
    return typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : [];
  });
  return { ...(status !== undefined && { status }), ...(Object.fromEntries(texts) as RulesSearch) };
}
