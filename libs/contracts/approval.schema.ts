/** Requests that list and answer approvals or control a run. Unknown members are issues. */
import { z } from 'zod';
import { answerDataIssue, approvalLimits } from '#libs/domain/approvals/approval-params.ts';
import { oneOfText, page, text as queryText } from './list-query.schema.ts';
import { managerRoles } from './session.schema.ts';

const text = (longest: number) =>
  z.string().min(1, 'must not be empty').max(longest, `must not be longer than ${longest} characters`);
const comment = text(2000).optional();

export const approvalsQuery = z
  .strictObject({
    /** Only those the caller may answer, and only open ones unless `state` says otherwise. */
    mine: oneOfText(['true', 'false'])
      .transform((value) => value === 'true')
      .default(false),
    state: oneOfText(['open', 'approved', 'rejected', 'expired', 'cancelled']).optional(),
    brand: queryText.optional(),
    run_id: queryText.optional(),
    /** Left out: newest first. `due`: the soonest due first, for those that are open. */
    sort: oneOfText(['due']).optional(),
    ...page,
  })
  .refine(({ sort, state }) => sort === undefined || state === undefined || state === 'open', {
    path: ['sort'],
    error: 'must be left out unless state is open: nothing else is due',
  });

const answer = {
  decision: z.enum(['approve', 'reject'], { error: 'must be approve or reject' }),
  comment,
  data: z
    .record(z.string(), z.unknown(), { error: 'must be an object' })
    .refine((data) => answerDataIssue(data) === null, { error: ({ input }) => answerDataIssue(input) ?? '' })
    .optional(),
};

export const answerBody = z
  .strictObject(answer)
  .meta({ examples: [{ decision: 'approve', comment: 'called the customer' }] });

export const resumeBody = z
  .strictObject({ correlationToken: text(200), ...answer })
  .meta({ examples: [{ correlationToken: 'c0ffee'.repeat(10), decision: 'approve' }] });

export const reassignBody = z
  .strictObject({
    approvers: z
      .strictObject({
        roles: z
          .array(z.enum(managerRoles, { error: `must be one of ${managerRoles.join(', ')}` }))
          .max(5)
          .optional(),
        users: z.array(text(approvalLimits.nameLength)).max(approvalLimits.names).optional(),
      })
      .refine(({ roles = [], users = [] }) => roles.length + users.length > 0, 'must name at least one role or user')
      .meta({
        anyOf: ['roles', 'users'].map((name) => ({ required: [name], properties: { [name]: { minItems: 1 } } })),
      }),
    reason: comment,
  })
  .meta({ examples: [{ approvers: { users: ['dave'] }, reason: 'carol is away' }] });

/** Why an operator steps in; for the record. */
export const operatorBody = z.strictObject({ reason: comment }).meta({ examples: [{ reason: 'looking into it' }] });

export type ApprovalsQuery = z.output<typeof approvalsQuery>;
export type AnswerBody = z.output<typeof answerBody>;
export type ResumeBody = z.output<typeof resumeBody>;
export type ReassignBody = z.output<typeof reassignBody>;
export type OperatorBody = z.output<typeof operatorBody>;
