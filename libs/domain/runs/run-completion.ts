/** How a run ends: the last write to its record and its last event, the same wherever they are made. */
import type { LifecycleDraft } from './lifecycle-event.ts';
import { nodeId, type ActionOutcome, type Intervention, type RunPatch, type RunRecord } from './run.ts';

/** A run that has not ended. */
export interface RunSnapshot {
  executionId: string;
  /** Rule id. */
  processId: string;
  tenantId: string;
  /** ISO 8601 UTC. */
  startedAt: string;
  /** Of all its actions, in their order. */
  actions: ActionOutcome[];
  interventions?: Intervention[];
  /** The number of its next event. Absent in inputs of earlier versions. */
  nextSequence?: number;
}

/** What every event of a run says of it. */
export type RunNames = Pick<RunSnapshot, 'executionId' | 'processId' | 'tenantId'>;

/** The part of an ended run's record that its last event follows from. */
export type EndedRun = Pick<RunRecord, 'finished_at' | 'duration_ms' | 'error' | 'actions'> & {
  status: 'completed' | 'failed';
  /** The number of that event; absent in records of earlier versions. */
  end_sequence?: number;
};

/** How a run has ended, in short. */
export interface RunOutcome {
  status: EndedRun['status'];
  durationMs: number;
  /** Null exactly when it has completed. */
  error: RunRecord['error'];
}

/** The last write to a record. */
export type EndPatch = RunPatch & Required<Pick<EndedRun, 'status' | 'end_sequence'>>;

export interface RunEnd {
  run: EndPatch;
  event: LifecycleDraft;
}

/** The numbers of WorkflowStarted and of the event after it. */
export const startedSequence = 0;
export const afterStarted = 1;

/** @param at ISO 8601 UTC */
export function completeRun(run: RunSnapshot, at: string): RunEnd {
  const { startedAt, actions, interventions, nextSequence = afterStarted } = run;
  const ended = {
    status: 'completed',
    started_at: startedAt,
    finished_at: at,
    duration_ms: millisecondsBetween(startedAt, at),
    error: null,
    actions,
    end_sequence: nextSequence,
    ...(interventions !== undefined && { interventions }),
  } as const;
  return { run: ended, event: buildEndEvent(run, ended) };
}

/**
 * The event that ends a run. It follows from the record alone, so it is the same to the byte from every publisher,
 * whenever, and however often.
 */
export function buildEndEvent(
  { executionId, processId, tenantId }: RunNames,
  { status, finished_at, duration_ms, error, actions, end_sequence = afterStarted }: EndedRun,
): LifecycleDraft {
  const at = finished_at ?? '';
  const base = { executionId, processId, tenantId, occurredAt: at, sequence: end_sequence };
  if (status === 'completed') {
    const durationMs = duration_ms ?? 0;
    return { ...base, eventType: 'WorkflowCompleted', durationMs, completedAt: at, status: 'success' };
  }
  const failedNodeId = error?.action ?? nodeId(0);
  return {
    ...base,
    eventType: 'WorkflowFailed',
    failedNodeId,
    failedNodeType: actions.find(({ index }) => nodeId(index) === failedNodeId)?.type ?? '',
    errorMessage: error?.message ?? '',
    errorType: error?.code ?? null,
    failedAt: at,
  };
}

/** Narrows to a record, or what is written to one, that says how the run ended. */
export function isEnded<Run extends Pick<RunRecord, 'status'>>(run: Run): run is Run & Pick<EndedRun, 'status'> {
  return run.status === 'completed' || run.status === 'failed';
}

export function toRunOutcome({ status, duration_ms, error }: Omit<EndedRun, 'actions' | 'finished_at'>): RunOutcome {
  return { status, durationMs: duration_ms ?? 0, error };
}

export function withOutcomes(run: RunSnapshot, outcomes: readonly ActionOutcome[]): RunSnapshot {
  const actions = [...run.actions];
  for (const outcome of outcomes) actions[outcome.index] = outcome;
  return { ...run, actions };
}

/** Never negative: the two times may come from two clocks. */
export function millisecondsBetween(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}
