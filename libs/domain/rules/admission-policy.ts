/** What bounds how often a rule runs: the part of a rule that admission asks. */
import type { ReEnroll, Rule, RunLimit } from './rule.ts';

export interface AdmissionPolicy {
  re_enroll?: ReEnroll;
  limit?: RunLimit;
}

/** @returns null for a rule that nothing bounds */
export function toAdmissionPolicy({ re_enroll, limit }: Pick<Rule, 're_enroll' | 'limit'>): AdmissionPolicy | null {
  if (re_enroll === undefined && limit === undefined) return null;
  return { ...(re_enroll !== undefined && { re_enroll }), ...(limit !== undefined && { limit }) };
}
