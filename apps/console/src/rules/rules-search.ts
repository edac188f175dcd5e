/** What the list of rules shows, as its address says it: the query of `GET /api/workflow/rules`. */
import { readTexts } from '../shared/search-texts.ts';

export const ruleStatuses = ['active', 'shadow', 'draft', 'inactive', 'archived'] as const;
export type RuleStatus = (typeof ruleStatuses)[number];

export const textFilters = ['search', 'trigger', 'brand'] as const;

export type RulesSearch = Partial<Record<(typeof textFilters)[number] | 'cursor', string>> & { status?: RuleStatus };

export function readRulesSearch(search: Record<string, unknown>): RulesSearch {
  const status = ruleStatuses.find((one) => one === search['status']);
  return { ...(status !== undefined && { status }), ...readTexts(search, [...textFilters, 'cursor']) };
}
