/**
 * Writes what a run has to tell: its record first, then its events, so that a subscriber who hears of
 * an event finds the record as the event says. The record decides: an event goes out as the record holds it, so it is the
 * same however often it is published, and what comes after the end of a run is not published.
 */
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import { maskValue } from '#libs/domain/masking/masking.ts';
import {
  buildEndEvent,
  toRunOutcome,
  type EndedRun,
  type RunNames,
  type RunOutcome,
} from '#libs/domain/runs/run-completion.ts';
import type { RunPatch } from '#libs/domain/runs/run.ts';
import type { RunRecorder } from '#libs/store/runs/run-recorder.ts';
import type { RecordInput, RecordResult } from '#temporal/contract/activities.ts';

export interface RecordPorts {
  approvals: {
    cancelOpen(executionId: string, at: string): Promise<void>;
  };
  runs: Pick<RunRecorder, 'record' | 'ending' | 'nextSequence'>;
  lifecycle: { publish(drafts: readonly LifecycleDraft[]): Promise<void> };
  /** Counts a run that has ended, once. */
  ended?: (executionId: string, outcome: RunOutcome) => void;
}

export function recordRunActivity(ports: RecordPorts) {
  const { lifecycle } = ports;

  return async (input: RecordInput): Promise<RecordResult> => {
    const { executionId, run, events, afterReset } = input;
    if (afterReset !== undefined) {
      const outcome = await outcomeBeforeReset(afterReset, ports);
      return { outcome, nextSequence: await ports.runs.nextSequence(executionId) };
    }
    if (run !== null) return { outcome: await writeRun(executionId, run, events, ports) };
    if (events.length > 0) await lifecycle.publish(events.map(masked));
    return { outcome: null };
  };
}

async function writeRun(
  executionId: string,
  run: RunPatch,
  events: readonly LifecycleDraft[],
  { approvals, runs, lifecycle, ended: count }: RecordPorts,
): Promise<RunOutcome | null> {
  const event = events.at(-1) ?? null;
  try {
    const { ended, isNew, event: told } = await runs.record(executionId, run, event);
    if (ended === null) {
      if (told !== null) await lifecycle.publish([masked(told)]);
      return null;
    }
    if (isNew) count?.(executionId, toRunOutcome(ended));
    // The run had ended before it asked: no answer is needed.
    else await approvals.cancelOpen(executionId, ended.finished_at ?? '');
    if (event !== null) await lifecycle.publish([buildEndEvent(event, ended)]);
    return toRunOutcome(ended);
  } catch (error) {
    // A run without a record (started by hand, say) fails; its subscribers still learn its end.
    if (error instanceof PermanentError && error.code === 'run_not_found') await lifecycle.publish(events.map(masked));
    throw error;
  }
}

/** A run that has ended stays so. One that goes on asks people anew: its earlier approvals cannot be answered. */
async function outcomeBeforeReset(
  names: RunNames,
  { approvals, runs, lifecycle }: RecordPorts,
): Promise<RunOutcome | null> {
  const ended: EndedRun | null = await runs.ending(names.executionId);
  await approvals.cancelOpen(names.executionId, ended?.finished_at ?? new Date().toISOString());
  if (ended === null) return null;
  // It may have been ended from outside just before it published this.
  await lifecycle.publish([buildEndEvent(names, ended)]);
  return toRunOutcome(ended);
}

/** The payload is the one part that came from outside as it is; messages were masked where they were made. */
function masked(event: LifecycleDraft): LifecycleDraft {
  if (event.eventType !== 'WorkflowStarted' || event.triggerPayload === null) return event;
  return { ...event, triggerPayload: maskValue(event.triggerPayload) as Record<string, unknown> };
}
