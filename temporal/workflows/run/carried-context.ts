/** What of a run's context goes into the inputs of its activities, each of which stands in its history. */
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { CarriedContext } from '#temporal/contract/activities.ts';

/** A history may have 50 MB, and an action may be tried a hundred times. */
const maxBytes = 16_384;

export function carried(context: RuntimeContext): CarriedContext {
  return countBytes(context) <= maxBytes ? context : null;
}

/** As JSON in UTF-8, which is what Temporal keeps. */
export function countBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
