/** The record and the events that end a run in its place. */
import { lastSequence, type LifecycleDraft } from '#libs/domain/lifecycle.ts';
import { maskText } from '#libs/domain/masking.ts';
import { nodeId, type RunInput, type RunPatch, type RunRecord } from '#libs/domain/run.ts';
import type { ClosedRun, RunStory } from './closed-runs.ts';

export interface RunEnd {
  events: LifecycleDraft[];
  /** Null when the record says already how the run ended. */
  patch: RunPatch | null;
}

const texts = {
  Terminated: 'The workflow was terminated in Temporal',
  TimedOut: 'The workflow ran out of the time Temporal was told to give it',
};

/** True when it was closed in the run's place before. */
export function isAbandonedEnd({ error }: RunRecord): boolean {
  return error !== null && Object.hasOwn(texts, error.code);
}

/** For a run that did not get to its end. */
export function abandonedEnd(run: ClosedRun, story: RunStory, record: RunRecord): RunEnd {
  const { status: code, startedAt, closedAt, executionId } = run;
  const actions = story.outcomes ?? record.actions;
  const open = actions.findIndex(({ status }) => status === 'running' || status === 'not_run');
  const index = Math.max(0, open);
  const message = story.reason ? `${texts[code]}: ${maskText(story.reason)}` : texts[code];
  const error = { code, message };
  const failed: LifecycleDraft = {
    ...namesOf(executionId, story.input),
    eventType: 'WorkflowFailed',
    sequence: lastSequence,
    occurredAt: closedAt,
    failedNodeId: nodeId(index),
    failedNodeType: story.input.rule.actions[index]?.type ?? '',
    errorMessage: message,
    errorType: code,
    failedAt: closedAt,
  };
  return {
    events: story.startedPublished ? [failed] : [startedEvent(run, story.input), failed],
    patch: {
      status: 'failed',
      started_at: startedAt,
      finished_at: closedAt,
      duration_ms: Math.max(0, Date.parse(closedAt) - Date.parse(startedAt)),
      error: { ...error, action: nodeId(index) },
      actions: actions.map((action) =>
        action.status === 'running' ? { ...action, status: 'failed', finished_at: closedAt, error } : action,
      ),
    },
  };
}

/** For a run that had written its end: the event that goes with it, exactly as the run makes it. */
export function ownEnd({ input }: RunStory, record: RunRecord): RunEnd {
  const { run_id, finished_at, duration_ms, error } = record;
  const at = finished_at ?? '';
  const base = { ...namesOf(run_id, input), sequence: lastSequence, occurredAt: at };
  if (error === null) {
    const durationMs = duration_ms ?? 0;
    return {
      patch: null,
      events: [{ ...base, eventType: 'WorkflowCompleted', durationMs, completedAt: at, status: 'success' }],
    };
  }
  const failedNodeId = error.action ?? nodeId(0);
  const failedNodeType = input.rule.actions.find((_, index) => nodeId(index) === failedNodeId)?.type ?? '';
  const { code: errorType, message: errorMessage } = error;
  return {
    patch: null,
    events: [
      { ...base, eventType: 'WorkflowFailed', failedNodeId, failedNodeType, errorMessage, errorType, failedAt: at },
    ],
  };
}

function startedEvent({ executionId, startedAt }: ClosedRun, input: RunInput): LifecycleDraft {
  return {
    ...namesOf(executionId, input),
    eventType: 'WorkflowStarted',
    sequence: 0,
    occurredAt: startedAt,
    startedAt,
    triggeredBy: input.triggeredBy,
    triggerPayload: input.context.event,
  };
}

function namesOf(executionId: string, input: RunInput) {
  return { executionId, processId: input.rule.id, tenantId: input.tenant };
}
