/** How a run ends well: the last write to its record and its last event, the same wherever they are made. */
import { lastSequence, type LifecycleDraft } from './lifecycle.ts';
import type { ActionOutcome, Intervention, RunPatch } from './run.ts';

/** A run that has not ended. */
export interface RunSoFar {
  executionId: string;
  /** Rule id. */
  processId: string;
  tenantId: string;
  /** ISO 8601 UTC. */
  startedAt: string;
  /** Of all its actions, in their order. */
  actions: ActionOutcome[];
  interventions?: Intervention[];
}

export interface RunEnd {
  run: RunPatch & { duration_ms: number };
  event: LifecycleDraft;
}

/** @param at ISO 8601 UTC */
export function completionOf(run: RunSoFar, at: string): RunEnd {
  const { executionId, processId, tenantId, startedAt, actions, interventions } = run;
  const durationMs = millisecondsBetween(startedAt, at);
  return {
    run: {
      status: 'completed',
      started_at: startedAt,
      finished_at: at,
      duration_ms: durationMs,
      error: null,
      actions,
      ...(interventions !== undefined && { interventions }),
    },
    event: {
      eventType: 'WorkflowCompleted',
      executionId,
      processId,
      tenantId,
      occurredAt: at,
      sequence: lastSequence,
      durationMs,
      completedAt: at,
      status: 'success',
    },
  };
}

export function withOutcomes(run: RunSoFar, outcomes: readonly ActionOutcome[]): RunSoFar {
  const actions = [...run.actions];
  for (const outcome of outcomes) actions[outcome.index] = outcome;
  return { ...run, actions };
}

/** Never negative: the two times may come from two clocks. */
export function millisecondsBetween(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}
