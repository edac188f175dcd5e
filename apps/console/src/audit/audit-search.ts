/** What the audit log shows, as its address says it: the query of `GET /api/workflow/audit`. */
import type { components } from '../shared/api-types.ts';
import { readTexts } from '../shared/search-texts.ts';

export type AuditOperation = components['schemas']['AuditEntry']['operation'];

export const textFilters = ['by', 'target', 'brand'] as const;
export const timeFilters = ['from', 'to'] as const;

export type AuditSearch = Partial<
  Record<(typeof textFilters)[number] | (typeof timeFilters)[number] | 'operation' | 'cursor', string>
>;

export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  return readTexts(search, [...textFilters, ...timeFilters, 'operation', 'cursor']);
}
