/** What is on the topic of lifecycle events: a CloudEvent 1.0 whose data is one of the five events of a run. */
import { z } from 'zod';

/** RFC 3339 with an offset; `Z` is one. */
const time = z.iso.datetime({ offset: true });

const base = {
  eventId: z.guid().describe('The same on every retry.'),
  executionId: z.string().min(1).describe('Id of the run.'),
  processId: z.string().min(1).describe('Id of the rule.'),
  tenantId: z.string().min(1).describe('Brand, or `default`.'),
  occurredAt: time,
  sequence: z.int().nonnegative().describe("Counts the run's events from 0, without a gap."),
};

const started = z.strictObject({
  ...base,
  eventType: z.literal('WorkflowStarted'),
  triggeredBy: z.string().min(1).describe("A user's id, or `system`."),
  startedAt: time,
  triggerPayload: z.record(z.string(), z.unknown()).nullable().describe('The event that started the run, masked.'),
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
  failedNodeId: z.string().min(1).describe('The action, such as `action-0`.'),
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
  id: z.guid().describe('Equal to `data.eventId`; the same on every retry.'),
  source: z
    .string()
    .regex(/^\/signalbox\/runs\/./)
    .describe('Names the run: `/signalbox/runs/` and the execution id, percent-encoded.'),
  type: z.enum(['WorkflowStarted', 'WorkflowCompleted', 'WorkflowFailed', 'WorkflowPaused', 'WorkflowResumed']),
  subject: z.string().min(1).describe('The execution id.'),
  time,
  datacontenttype: z.literal('application/json'),
  sequence: z
    .string()
    .regex(/^\d{10}$/)
    .describe('`data.sequence` as a text of ten digits: the CloudEvents extension, whose scope is `source`.'),
  data: lifecycleEventSchema,
});

/** Each of the five as it is on the topic. */
export const lifecycleCloudEventSchemas = Object.values(lifecycleEventSchemas).map((data) => {
  const { value: type } = data.shape.eventType;
  return lifecycleCloudEventSchema
    .extend({ type: z.literal(type), data: data.meta({ id: `${type}Data` }) })
    .meta({ id: type });
});

export type LifecycleCloudEvent = z.output<typeof lifecycleCloudEventSchema>;
