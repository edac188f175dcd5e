/** All active rules, compiled once and found by trigger and brand. */
import type { RuntimeContext } from './context.ts';
import type { Rule } from './rule.ts';

export interface CompiledRule {
  readonly rule: Rule;
}

export interface MatchResult {
  /** Rules to start, in order: priority, then `created_at`, then id. */
  matched: CompiledRule[];
  /** Rules that match too but are held back by the `stop_after` of another, in the same order. */
  skipped: { rule: CompiledRule; stoppedBy: CompiledRule }[];
}

export interface Candidates {
  /** False: no rule can match, nothing needs loading. */
  any: boolean;
  needsCustomer: boolean;
  needsAccount: boolean;
}

export class RuleIndex {
  put(_rule: Rule): void {
    throw new Error('being written');
  }

  remove(_id: string): void {
    throw new Error('being written');
  }

  match(_trigger: string, _context: RuntimeContext): MatchResult {
    throw new Error('being written');
  }

  candidates(_trigger: string, _brand: string | null): Candidates {
    throw new Error('being written');
  }
}
