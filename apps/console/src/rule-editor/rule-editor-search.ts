/** What a new rule begins with, as its address says it. */
export interface NewRuleSearch {
  /** Id of the rule that it is a copy of. */
  from?: string;
}

export function readNewRuleSearch({ from }: Record<string, unknown>): NewRuleSearch {
  return typeof from === 'string' && from !== '' ? { from } : {};
}
