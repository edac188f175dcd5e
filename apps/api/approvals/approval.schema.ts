/** Approvals as the API answers with them. */
import { z } from 'zod';
import { approvalPaths } from '#libs/domain/approvals/approval-params.ts';
import { json, nextCursor, time } from '../openapi/shared.schema.ts';

const states = z.enum(['open', 'approved', 'rejected', 'expired', 'cancelled']);

const approversSchema = z.object({ roles: z.array(z.string()), users: z.array(z.string()) }).meta({ id: 'Approvers' });

const approvalAnswerSchema = z
  .object({
    by: z.string(),
    person: z
      .string()
      .meta({ description: 'Canonical name of the person: one for all names the person signs in with' }),
    decision: z.enum(['approve', 'reject']),
    comment: z.string().nullable(),
    data: z.record(z.string(), json).nullable(),
    at: time,
  })
  .meta({ id: 'ApprovalAnswer' });

const exceptionTypes = z.enum(['CANCEL', 'ERROR']);

const approvalExceptionSchema = z
  .object({
    type: exceptionTypes,
    by: z.string(),
    message: z.string().nullable(),
    source: z.string().nullable(),
    at: time,
  })
  .meta({ id: 'ApprovalException' });

export const approvalSchema = z
  .object({
    token: z.string().nullable().meta({ description: 'Correlation token; null for those who can do nothing with it' }),
    run_id: z.string(),
    request_number: z.int().optional().meta({ description: 'Number of the run, by which incoming webhooks name it' }),
    number: z.int().optional().meta({ description: 'Number of the action, from 1 on, beside the number of the run' }),
    id: z
      .string()
      .optional()
      .meta({ description: 'Both numbers as incoming webhooks take them: Base64 of Action:r---n' }),
    rule_id: z.string(),
    rule_name: z.string(),
    action: z.int().meta({ description: 'Index of the action that asks' }),
    event_id: z.string(),
    tenant: z.string().nullable().meta({ description: 'Brand of the run; null = none' }),
    customer_id: z.string().nullable(),
    login: z.int().nullable(),
    title: z.string(),
    message: z.string().nullable(),
    approvers: approversSchema,
    required: z.int().meta({ description: 'How many have to approve; one rejection is enough' }),
    forbidden_users: z.array(z.string()).meta({ description: 'May not answer, because they set the run off' }),
    state: states,
    answers: z.array(approvalAnswerSchema),
    reassignments: z.array(
      z.object({ by: z.string(), reason: z.string().nullable(), from: approversSchema, at: time }),
    ),
    exceptions: z
      .array(exceptionTypes)
      .optional()
      .meta({ description: 'Exception paths of the action, along which it can be cancelled; absent: none' }),
    exception: approvalExceptionSchema.optional().meta({ description: 'How the action was cancelled, if it was' }),
    asked_at: time,
    expires_at: time.nullable(),
    closed_at: time.nullable(),
    may_answer: z.boolean().meta({ description: 'Whether the caller is among those who may answer' }),
  })
  .meta({ id: 'Approval' });

const paths = z.enum(approvalPaths);

const backgroundSchema = z
  .object({
    trigger_event: z.string(),
    facts: z.array(z.object({ field: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) })).meta({
      description:
        'What the run was decided on, masked: the amount, and what the event says in texts, numbers and truth values',
    }),
    on_approve: z
      .array(z.object({ index: z.int(), type: z.string(), detail: z.string().nullable() }))
      .meta({ description: 'The actions that follow; with "continue" they follow the other ways, too' }),
    on_reject: paths,
    on_expire: paths.nullable().meta({ description: 'null: it never expires' }),
  })
  .meta({ id: 'ApprovalBackground' });

export const approvalAnswer = z.object({ approval: approvalSchema });
export const approvalWithBackground = z.object({
  approval: approvalSchema,
  background: backgroundSchema.nullable().meta({ description: 'null: what started the run is kept no longer' }),
});
export const approvalsAnswer = z.object({ approvals: z.array(approvalSchema), next_cursor: nextCursor });
const answerResultSchema = z
  .object({ run_id: z.string(), state: states, approved: z.int(), required: z.int() })
  .meta({ id: 'AnswerResult' });
export const givenAnswer = z.object({ answer: answerResultSchema });

/** An approval as callers see it. */
export type ApprovalView = z.output<typeof approvalSchema>;
/** What an approver has to know, and what follows. */
export type BackgroundView = z.output<typeof backgroundSchema>;
/** What became of an answer. */
export type AnswerView = z.output<typeof answerResultSchema>;
