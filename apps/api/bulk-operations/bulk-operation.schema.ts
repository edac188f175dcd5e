/** Bulk operations as the API answers with them. */
import { z } from 'zod';
import {
  bulkCommands,
  bulkOutcomeStates,
  bulkStatuses,
  type BulkOperation,
  type BulkOutcome,
} from '#libs/domain/runs/bulk-operation.ts';
import { waitReasons } from '#libs/domain/runs/waits-for.ts';
import { nextCursor, time } from '../openapi/shared.schema.ts';

const filterSchema = z.object({
  rule_id: z.string().optional(),
  brand: z.string().optional(),
  status: z.enum(['held', 'running', 'paused', 'completed', 'failed', 'skipped']).optional(),
  waits_for: z.enum(waitReasons).optional(),
  trigger: z.string().optional(),
  event_id: z.string().optional(),
  customer_id: z.string().optional(),
  login: z.int().optional(),
  from: time.optional(),
  to: time.optional(),
});

const bulkSchema = z
  .object({
    id: z.string(),
    command: z.enum(bulkCommands),
    filter: filterSchema,
    brands: z.array(z.string()).nullable().meta({ description: 'The only brands it takes runs of; null: any' }),
    until: time.meta({ description: 'Runs that were decided, failed or were released later are not taken' }),
    expected: z.int().meta({ description: 'As many as were counted; no more are taken' }),
    reason: z.string().nullable(),
    by: z.string(),
    status: z.enum(bulkStatuses).meta({ description: '`stopping`: the runs under way are finished' }),
    created_at: time,
    finished_at: time.nullable(),
    stopped_by: z.string().nullable(),
    total: z.int().meta({ description: 'Runs it has taken so far' }),
    done: z.int(),
    skipped: z.int().meta({ description: 'Runs that were in another state when their turn came' }),
    failed: z.int().meta({ description: 'Runs that could not be reached' }),
    error: z.string().nullable().meta({ description: 'Why it failed as a whole' }),
  })
  .meta({ id: 'BulkOperation' });

const outcomeSchema = z
  .object({
    run_id: z.string(),
    rule_name: z.string(),
    brand: z.string().nullable(),
    claimed_at: time,
    state: z.enum(bulkOutcomeStates).meta({
      description: '`pending`: its turn is still to come, or never comes if the operation has ended',
    }),
    code: z.string().nullable().meta({ description: 'Why it was skipped or failed' }),
    message: z.string().nullable(),
    next_run_id: z.string().nullable().meta({ description: 'The run that goes on with it, after a retry' }),
    at: time.nullable(),
  })
  .meta({ id: 'BulkOutcome' });

export const bulkPreviewAnswer = z.object({
  count: z.int(),
  more: z.boolean().meta({ description: 'There are more, and so more than one operation takes (BULK_RUNS_MAX)' }),
  until: time.meta({ description: 'To be sent with the operation' }),
});
export const bulkAnswer = z.object({ bulk_operation: bulkSchema });
export const bulksAnswer = z.object({ bulk_operations: z.array(bulkSchema), next_cursor: nextCursor });
export const bulkOutcomesAnswer = z.object({ outcomes: z.array(outcomeSchema), next_cursor: nextCursor });

export type BulkView = z.output<typeof bulkSchema>;
export type BulkOutcomeView = BulkOutcome;
export type BulkPreviewView = z.output<typeof bulkPreviewAnswer>;

export function toBulkView(operation: BulkOperation): BulkView {
  const { bulk_id: id, selection: filter, role: _role, request: _request, is_collected: _all, ...rest } = operation;
  return { id, filter, ...rest };
}
