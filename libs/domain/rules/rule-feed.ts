import type { Rule } from './rule.ts';

/** What matching processes follow to keep their compiled rules current. */
export interface RuleFeed {
  /** Every rule that is matched (`active` or `shadow`), and the revision that this set is the state of. */
  snapshot(): Promise<{ revision: number; rules: Rule[] }>;
  /**
   * What changed after `revision`, oldest first; `rules` holds the new state of each changed rule whatever its status,
   * `deleted` the ids that are gone. Null when the changes are no longer kept: take a snapshot.
   */
  changesSince(revision: number): Promise<{ revision: number; rules: Rule[]; deleted: string[] } | null>;
}
