/** Runs as the API answers with them. */
import { z } from 'zod';
import { denialCodes } from '#libs/domain/runs/denial.ts';
import { actionReportCodes, notifiedBecause } from '#libs/domain/runs/action-report.ts';
import { waitReasons } from '#libs/domain/runs/waits-for.ts';
import { nextCursor, spanSchema, time } from '../openapi/shared.schema.ts';

const actionReportSchema = z
  .object({
    code: z.enum(actionReportCodes),
    params: z
      .object({
        customer: z.string(),
        manager: z.int().nullable().meta({ description: 'null: none yet' }),
        managers: z.array(z.int()),
        because: z.enum(notifiedBecause),
        team: z.string().nullable(),
        desk: z.string().nullable(),
        task: z.string().meta({ description: 'Type of the task' }),
        due: time.nullable().meta({ description: 'Of a task, or until when an approval could be given' }),
        is_active: z.boolean(),
        kind: z.enum(['sales', 'kyc']),
        status: z.string(),
        level: z.string(),
        counter: z.string(),
        count: z.number().meta({ description: 'What a counter was raised by, or how many approvers were needed' }),
        frozen: z.array(z.int()),
        frozen_before: z.array(z.int()),
        not_in_directory: z.array(z.int()),
        has_foreign: z.boolean().meta({ description: 'Accounts of another brand were left alone' }),
        to: z.string(),
        template: z.string().nullable(),
        request: z.string(),
        http_status: z.int(),
        duration_ms: z.int(),
        by: z.string(),
        message: z.string().nullable(),
        source: z.string().nullable(),
        path: z.enum(['continue', 'stop']).meta({ description: 'How the run went on' }),
      })
      .partial()
      .optional()
      .meta({ description: 'The values that the detail holds' }),
  })
  .meta({ id: 'ActionReport', description: 'What the detail says; absent: the action ended before this was kept' });

const actionOutcomeSchema = z
  .object({
    index: z.int(),
    type: z.string(),
    status: z.enum(['completed', 'failed', 'skipped', 'not_run', 'running']),
    attempts: z.int(),
    started_at: time.nullable(),
    finished_at: time.nullable(),
    detail: z.string().optional(),
    report: actionReportSchema.optional(),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
  })
  .meta({ id: 'ActionOutcome' });

const admissionNoteParams = z
  .object({
    count: z.int().meta({ description: 'How many runs the limit allows' }),
    per: spanSchema.meta({ description: 'Of the limit, or between two runs of one customer' }),
    at: time.meta({ description: 'The beginning of the window, the earlier event, or up to when runs are forgotten' }),
  })
  .partial()
  .meta({ id: 'AdmissionNoteParams', description: 'The values that the note of a guard holds' });

const runFields = {
  run_id: z.string(),
  rule_id: z.string(),
  rule_name: z.string(),
  rule_version: z.int(),
  brand: z.string().nullable(),
  trigger_event: z.string(),
  event_id: z.string(),
  login: z.int().nullable(),
  customer_id: z.string().nullable(),
  status: z.enum(['held', 'running', 'paused', 'completed', 'failed', 'skipped']),
  reason: z.string().nullable().meta({ description: 'Why it was skipped, held or ended early' }),
  stopped_by: z.string().nullable().meta({ description: 'The rule whose stop_after skipped it' }),
  number: z.int().nullable().meta({ description: 'By which incoming webhooks name it; null: it was never to start' }),
  request_id: z.string().nullable().meta({ description: 'Base64 of Request:{number}' }),
  request: z
    .object({
      process: z.string(),
      version: z.int(),
      is_test: z.boolean(),
      folder: z.string().nullable(),
      by: z.string().meta({ description: 'User in whose name it was created' }),
    })
    .optional()
    .meta({ description: 'Absent: an event has started it' }),
  waits_for: z
    .enum(waitReasons)
    .nullable()
    .meta({ description: 'What it waits for, as last written; null: nothing of these' }),
  retry_of: z.string().optional().meta({ description: 'The failed run this one goes on with' }),
  claimed_at: time,
  started_at: time.nullable(),
  finished_at: time.nullable(),
  duration_ms: z.int().nullable(),
  error: z.object({ code: z.string(), message: z.string(), action: z.string().nullable() }).nullable(),
  actions: z.array(actionOutcomeSchema),
  interventions: z
    .array(
      z.object({
        what: z.enum(['pause', 'resume', 'retry', 'cancel']),
        by: z.string(),
        reason: z.string().nullable(),
        at: time,
      }),
    )
    .optional()
    .meta({ description: 'What operators did to it, the oldest first; absent: nothing' }),
  guard: z
    .object({
      note: z.string(),
      code: z.enum(denialCodes).optional().meta({ description: 'What the note says; absent: the run is older' }),
      params: admissionNoteParams.optional(),
      earlier_run: z.string().nullable(),
      resolved_by: z.string().nullable(),
      resolved_at: time.nullable(),
    })
    .optional()
    .meta({ description: 'Why re_enroll or limit kept it from starting, and what became of it' }),
  temporal_url: z
    .string()
    .nullable()
    .meta({ description: 'In the Temporal UI; null: it was never handed to Temporal' }),
};

export const runSchema = z.object(runFields).meta({ id: 'Run' });
const liveRunSchema = z
  .object({
    ...runFields,
    paused_by: z
      .string()
      .nullable()
      .meta({ description: 'The operator who has to let it go on; null: none, or it cannot tell now (`live`)' }),
    live: z.boolean().meta({ description: 'Whether its actions are as the run itself tells now, or as last written' }),
  })
  .meta({ id: 'LiveRun' });

export const runAnswer = z.object({ run: liveRunSchema });
export const runsAnswer = z.object({ runs: z.array(runSchema), next_cursor: nextCursor });
export const runCountAnswer = z.object({
  count: z.int(),
  more: z.boolean().meta({ description: 'There are more than this' }),
});
/** The run that goes on: after a retry another one. */
export const controlledRunAnswer = z.object({ run_id: z.string() });

/** A run-log entry as callers see it. */
export type RunView = z.output<typeof runSchema>;
export type LiveRunView = z.output<typeof liveRunSchema>;
