/**
 * Writes what a run has to tell: its record first, then its events, so that whoever hears of an event finds the record
 * as the event says. Both may be repeated: the record is written whole, and an event keeps its id.
 */
import { PermanentError } from '#libs/domain/errors.ts';
import type { LifecycleDraft } from '#libs/domain/lifecycle.ts';
import { maskValue } from '#libs/domain/masking.ts';
import type { RunPatch } from '#libs/domain/run.ts';
import type { RecordInput } from '#temporal/contract/activities.ts';

export interface RecordPorts {
  runs: { write(executionId: string, patch: RunPatch): Promise<void> };
  lifecycle: { publish(drafts: readonly LifecycleDraft[]): Promise<void> };
}

export function recordActivity({ runs, lifecycle }: RecordPorts) {
  return async ({ executionId, run, events }: RecordInput): Promise<void> => {
    try {
      if (run !== null) await runs.write(executionId, run);
    } catch (error) {
      // A run nobody recorded (started by hand, say) fails; those who follow it by its events still learn its end.
      if (error instanceof PermanentError) await lifecycle.publish(events.map(masked));
      throw error;
    }
    if (events.length > 0) await lifecycle.publish(events.map(masked));
  };
}

/** The payload is the one part that came from outside as it is; messages were masked where they were made. */
function masked(event: LifecycleDraft): LifecycleDraft {
  if (event.eventType !== 'WorkflowStarted' || event.triggerPayload === null) return event;
  return { ...event, triggerPayload: maskValue(event.triggerPayload) as Record<string, unknown> };
}
