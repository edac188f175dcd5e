/** The five events a run publishes about itself. */

interface WorkflowEventBase {
  executionId: string;
  /** Rule id. */
  processId: string;
  /** Brand, or `default`. */
  tenantId: string;
  /** When it happened, ISO 8601 with offset. */
  occurredAt: string;
}
export interface WorkflowStarted extends WorkflowEventBase {
  eventType: 'WorkflowStarted';
  triggeredBy: string;
  startedAt: string;
  triggerPayload: Record<string, unknown> | null;
}
export interface WorkflowCompleted extends WorkflowEventBase {
  eventType: 'WorkflowCompleted';
  durationMs: number;
  completedAt: string;
  status: 'success';
}
export interface WorkflowFailed extends WorkflowEventBase {
  eventType: 'WorkflowFailed';
  failedNodeId: string;
  failedNodeType: string;
  errorMessage: string;
  errorType: string | null;
  failedAt: string;
}
export interface WorkflowPaused extends WorkflowEventBase {
  eventType: 'WorkflowPaused';
  suspendedNodeId: string;
  correlationToken: string;
  actorId: string;
  suspendedAt: string;
  expiresAt: string | null;
}
export interface WorkflowResumed extends WorkflowEventBase {
  eventType: 'WorkflowResumed';
  resumedBy: string;
  correlationToken: string;
  resumedAt: string;
}

export type LifecycleFacts = WorkflowStarted | WorkflowCompleted | WorkflowFailed | WorkflowPaused | WorkflowResumed;

/** An event as the run makes it. What is not among its facts makes the published id deterministic. */
export type LifecycleDraft = LifecycleFacts & {
  /** Counts the run's events from 0, without a gap. */
  sequence: number;
  /** Temporal's id of the run as it goes on after a reset, whose events are others than those it had before. */
  reset?: string;
};

/** An event as subscribers see it: the `data` of the CloudEvent. `eventId` is a UUID, the same on every retry. */
export type LifecycleEvent = LifecycleFacts & { eventId: string; sequence: number };
