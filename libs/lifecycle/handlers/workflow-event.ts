/**
 * The five events of a run as classes that handlers name. Each has the members of its contract
 * (`libs/contracts/lifecycle.schema.ts`) and no others, which the compiler holds, and none can be changed.
 */
import type { z } from 'zod';
import type { lifecycleEventSchema } from '#libs/contracts/lifecycle.schema.ts';

type AnyData = z.output<typeof lifecycleEventSchema>;
export type EventType = AnyData['eventType'];
type DataOf<Type extends EventType> = Extract<AnyData, { eventType: Type }>;

/** What all of them have. Times are ISO 8601 with offset. */
export abstract class WorkflowEvent {
  /** A UUID, the same on every delivery: by it a handler knows an event that comes again. */
  readonly eventId: string;
  abstract readonly eventType: EventType;
  readonly occurredAt: string;
  readonly executionId: string;
  /** Rule id. */
  readonly processId: string;
  /** Brand, or `default`. */
  readonly tenantId: string;
  /** Counts the run's events from 0, without a gap. */
  readonly sequence: number;

  protected constructor(data: AnyData) {
    this.eventId = data.eventId;
    this.occurredAt = data.occurredAt;
    this.executionId = data.executionId;
    this.processId = data.processId;
    this.tenantId = data.tenantId;
    this.sequence = data.sequence;
  }
}

/** A run has begun. */
export class WorkflowStarted extends WorkflowEvent implements DataOf<'WorkflowStarted'> {
  static readonly eventType = 'WorkflowStarted';
  readonly eventType = WorkflowStarted.eventType;
  /** A user's id, or `system`. */
  readonly triggeredBy: string;
  readonly startedAt: string;
  /** Masked. */
  readonly triggerPayload: Readonly<Record<string, unknown>> | null;

  constructor(data: DataOf<'WorkflowStarted'>) {
    super(data);
    this.triggeredBy = data.triggeredBy;
    this.startedAt = data.startedAt;
    this.triggerPayload = deepFreeze(data.triggerPayload);
    Object.freeze(this);
  }
}

/** Every action of a run has ended well. */
export class WorkflowCompleted extends WorkflowEvent implements DataOf<'WorkflowCompleted'> {
  static readonly eventType = 'WorkflowCompleted';
  readonly eventType = WorkflowCompleted.eventType;
  /** From start to end, pauses included. */
  readonly durationMs: number;
  readonly completedAt: string;
  readonly status: 'success';

  constructor(data: DataOf<'WorkflowCompleted'>) {
    super(data);
    this.durationMs = data.durationMs;
    this.completedAt = data.completedAt;
    this.status = data.status;
    Object.freeze(this);
  }
}

/** A run has ended because an action could not be done. */
export class WorkflowFailed extends WorkflowEvent implements DataOf<'WorkflowFailed'> {
  static readonly eventType = 'WorkflowFailed';
  readonly eventType = WorkflowFailed.eventType;
  readonly failedNodeId: string;
  readonly failedNodeType: string;
  /** Masked. */
  readonly errorMessage: string;
  readonly errorType: string | null;
  readonly failedAt: string;

  constructor(data: DataOf<'WorkflowFailed'>) {
    super(data);
    this.failedNodeId = data.failedNodeId;
    this.failedNodeType = data.failedNodeType;
    this.errorMessage = data.errorMessage;
    this.errorType = data.errorType;
    this.failedAt = data.failedAt;
    Object.freeze(this);
  }
}

/** A run waits for a person. */
export class WorkflowPaused extends WorkflowEvent implements DataOf<'WorkflowPaused'> {
  static readonly eventType = 'WorkflowPaused';
  readonly eventType = WorkflowPaused.eventType;
  readonly suspendedNodeId: string;
  readonly correlationToken: string;
  /** Who is to answer. */
  readonly actorId: string;
  readonly suspendedAt: string;
  /** Until when an answer is taken; null: without an end. */
  readonly expiresAt: string | null;

  constructor(data: DataOf<'WorkflowPaused'>) {
    super(data);
    this.suspendedNodeId = data.suspendedNodeId;
    this.correlationToken = data.correlationToken;
    this.actorId = data.actorId;
    this.suspendedAt = data.suspendedAt;
    this.expiresAt = data.expiresAt;
    Object.freeze(this);
  }
}

/** A person has answered, and the run goes on. */
export class WorkflowResumed extends WorkflowEvent implements DataOf<'WorkflowResumed'> {
  static readonly eventType = 'WorkflowResumed';
  readonly eventType = WorkflowResumed.eventType;
  readonly resumedBy: string;
  /** That of the pause it answers. */
  readonly correlationToken: string;
  readonly resumedAt: string;

  constructor(data: DataOf<'WorkflowResumed'>) {
    super(data);
    this.resumedBy = data.resumedBy;
    this.correlationToken = data.correlationToken;
    this.resumedAt = data.resumedAt;
    Object.freeze(this);
  }
}

/** Any of the five. */
export type AnyWorkflowEvent = WorkflowStarted | WorkflowCompleted | WorkflowFailed | WorkflowPaused | WorkflowResumed;

/** @param data of a CloudEvent that keeps to its contract */
export function toWorkflowEvent(data: AnyData): AnyWorkflowEvent {
  if (data.eventType === 'WorkflowStarted') return new WorkflowStarted(data);
  if (data.eventType === 'WorkflowCompleted') return new WorkflowCompleted(data);
  if (data.eventType === 'WorkflowFailed') return new WorkflowFailed(data);
  if (data.eventType === 'WorkflowPaused') return new WorkflowPaused(data);
  return new WorkflowResumed(data);
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
