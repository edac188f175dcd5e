/**
 * Writes what a run has to tell: its question to people and its record first, then its events, so that whoever hears of an event finds the record
 * as the event says. Both may be repeated: the record is written whole, and an event keeps its id.
 */
import type { Approval } from '#libs/domain/approval.ts';
import { PermanentError } from '#libs/domain/errors.ts';
import type { LifecycleDraft } from '#libs/domain/lifecycle.ts';
import { maskText, maskValue } from '#libs/domain/masking.ts';
import type { RunPatch } from '#libs/domain/run.ts';
import type { RecordInput } from '#temporal/contract/activities.ts';

export interface RecordPorts {
  approvals: { put(approval: Approval): Promise<void> };
  runs: { write(executionId: string, patch: RunPatch): Promise<void> };
  lifecycle: { publish(drafts: readonly LifecycleDraft[]): Promise<void> };
}

export function recordActivity({ approvals, runs, lifecycle }: RecordPorts) {
  return async ({ executionId, approval, run, events }: RecordInput): Promise<void> => {
    if (approval !== undefined) await approvals.put(withoutSecrets(approval));
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

/** People and rules write these texts, and events may be quoted in them. */
function withoutSecrets(approval: Approval): Approval {
  const { title, message, answers, reassignments } = approval;
  const masked = (text: string | null): string | null => (text === null ? null : maskText(text));
  return {
    ...approval,
    title: maskText(title),
    message: masked(message),
    answers: answers.map(({ comment, data, ...answer }) => ({
      ...answer,
      comment: masked(comment),
      data: maskValue(data) as typeof data,
    })),
    reassignments: reassignments.map((entry) => ({ ...entry, reason: masked(entry.reason) })),
  };
}

/** The payload is the one part that came from outside as it is; messages were masked where they were made. */
function masked(event: LifecycleDraft): LifecycleDraft {
  if (event.eventType !== 'WorkflowStarted' || event.triggerPayload === null) return event;
  return { ...event, triggerPayload: maskValue(event.triggerPayload) as Record<string, unknown> };
}
