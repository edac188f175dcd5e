/** What one change does to the rules, whole. */
import type { Rule } from './rule.ts';

export interface DeletedRule {
  id: string;
  version: number;
  /** That it had last; changes from before this was kept have none. */
  brand?: string | null;
}

/** The new state of every rule that one change touches. */
export interface RuleChange {
  put: Rule[];
  deleted: DeletedRule[];
}
