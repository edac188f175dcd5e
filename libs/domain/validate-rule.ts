/** Checks a rule that a person wrote. */
import type { Problem } from './errors.ts';
import type { RuleDefinition } from './rule.ts';

export interface RuleValidation {
  /** The normalised definition; null when there are errors. */
  rule: RuleDefinition | null;
  /** The id a file gave its rule; null when it gave none. */
  id: string | null;
  errors: Problem[];
  warnings: Problem[];
}

export function validateRule(_input: unknown): RuleValidation {
  throw new Error('being written');
}
