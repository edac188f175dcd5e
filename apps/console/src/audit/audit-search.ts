/** What the audit log shows, as its address says it: the query of `GET /api/workflow/audit`. */
import type { components } from '../shared/api-types.ts';

export type AuditOperation = components['schemas']['AuditEntry']['operation'];

export const textFilters = ['by', 'target', 'brand'] as const;
export const timeFilters = ['from', 'to'] as const;

export type AuditSearch = Partial<
  Record<(typeof textFilters)[number] | (typeof timeFilters)[number] | 'operation' | 'cursor', string>
>;

/** Leaves out what is no filter: a link may be old or mistyped. */
export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const names = [...textFilters, ...timeFilters, 'operation', 'cursor'] as const;
  const texts = names.flatMap((name) => {
    const value = search[name];
    return typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : [];
  });
  return Object.fromEntries(texts) as AuditSearch;
}
