/** What is on the topic of lifecycle events: a CloudEvent 1.0 whose data is one of the five events of a run. */
import { z } from 'zod';

/** RFC 3339 with an offset; `Z` is one. */
const time = z.iso.datetime({ offset: true });

const base = {
  eventId: z.guid(),
  executionId: z.string().min(1),
  /** Rule id. */
  processId: z.string().min(1),
  /** Brand, or `default`. */
  tenantId: z.string().min(1),
  occurredAt: time,
  /** Counts the run's events from 0, without a gap. */
  sequence: z.int().nonnegative(),
};

const started = z.strictObject({
  ...base,
  eventType: z.literal('WorkflowStarted'),
  /** A user's id, or `system`. */
  triggeredBy: z.string().min(1),
  startedAt: time,
  triggerPayload: z.record(z.string(), z.unknown()).nullable(),
});

const completed = z.strictObject({
  ...base,
  eventType: z.literal('WorkflowCompleted'),
  durationMs: z.int().nonnegative(),
  completedAt: time,
  status: z.literal('success'),
});

const failed = z.strictObject({
  ...base,
  eventType: z.literal('WorkflowFailed'),
  failedNodeId: z.string().min(1),
  failedNodeType: z.string(),
  errorMessage: z.string(),
  errorType: z.string().nullable(),
  failedAt: time,
});

const paused = z.strictObject({
  ...base,
  eventType: z.literal('WorkflowPaused'),
  suspendedNodeId: z.string().min(1),
  correlationToken: z.string().min(1),
  actorId: z.string().min(1),
  suspendedAt: time,
  expiresAt: time.nullable(),
});

const resumed = z.strictObject({
  ...base,
  eventType: z.literal('WorkflowResumed'),
  resumedBy: z.string().min(1),
  correlationToken: z.string().min(1),
  resumedAt: time,
});

export const lifecycleEventSchemas = { started, completed, failed, paused, resumed };

export const lifecycleEventSchema = z.discriminatedUnion('eventType', [started, completed, failed, paused, resumed]);

export const lifecycleCloudEventSchema = z.strictObject({
  specversion: z.literal('1.0'),
  /** Equal to `data.eventId`; the same on every retry. */
  id: z.guid(),
  /** Names the run: `/signalbox/runs/` and the execution id, percent-encoded. */
  source: z.string().regex(/^\/signalbox\/runs\/./),
  type: z.enum(['WorkflowStarted', 'WorkflowCompleted', 'WorkflowFailed', 'WorkflowPaused', 'WorkflowResumed']),
  /** The execution id. */
  subject: z.string().min(1),
  time,
  datacontenttype: z.literal('application/json'),
  /** `data.sequence` as a text of ten digits: the CloudEvents extension, whose scope is `source`. */
  sequence: z.string().regex(/^\d{10}$/),
  data: lifecycleEventSchema,
});

export type LifecycleCloudEvent = z.output<typeof lifecycleCloudEventSchema>;
