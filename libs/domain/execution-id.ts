/** The name of a run, which is also its Temporal workflow id: the same rule and event always give the same one. */
import { sha256 } from './digest.ts';

/** Longer event ids are replaced by their SHA-256 (hex), so that the id fits wherever it is used as a key. */
export const longestPlainEventId = 200;

/** @returns `{ruleId}:{eventId}`. Rule ids hold no colon, so the two parts can always be told apart. */
export function executionIdOf(ruleId: string, eventId: string): string {
  const tail = eventId.length > longestPlainEventId ? sha256(eventId) : eventId;
  return `${ruleId}:${tail}`;
}

/** @returns `retry-{number}/{executionId}`. Rule ids hold no slash, so no run of its own has such a name. */
export function retryIdOf(executionId: string, number: number): string {
  return `retry-${number}/${executionId}`;
}
