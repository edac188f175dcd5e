/** The name of a run, which is also its Temporal workflow id: the same rule and event always give the same one. */
/** @returns `{ruleId}:{eventKey}`. Rule ids hold no colon, so the two parts can always be told apart. */
export function buildRunId(ruleId: string, key: string): string {
  return `${ruleId}:${key}`;
}

/** @param executionId of a run, not of its retry @returns the key of its event; see `event-key.ts` */
export function parseEventKey(executionId: string): string {
  return executionId.slice(executionId.indexOf(':') + 1);
}

/** @param executionId of a run, or of a retry @returns the id of its rule */
export function parseRuleId(executionId: string): string {
  const [ruleId = ''] = findFirstRun(executionId).split(':', 1);
  return ruleId;
}

/** @returns `retry-{number}/{executionId}`. Rule ids hold no slash, so no run of its own has such a name. */
export function buildRetryId(executionId: string, number: number): string {
  return `retry-${number}/${executionId}`;
}

/** @returns the run of whose failure a retry makes up, the first of all; a run that is none itself */
export function findFirstRun(executionId: string): string {
  return executionId.replace(/^retry-\d+\//, '');
}
