/** Requests for one command to many runs. */
import { z } from 'zod';
import { bulkCommands, bulkOutcomeStates } from '#libs/domain/runs/bulk-operation.ts';
import { oneOfText, page, runFilter, time } from './list-query.schema.ts';

const order = {
  command: z.enum(bulkCommands, { error: `must be one of ${bulkCommands.join(', ')}` }),
  /** As the query of the run log. */
  filter: z.strictObject(runFilter).default({}),
};

export const bulkPreviewBody = z
  .strictObject(order)
  .meta({ examples: [{ command: 'retry', filter: { rule_id: 'vip-deposit' } }] });

export const bulkBody = z
  .strictObject({
    ...order,
    /** As the preview said: what a person has agreed to. */
    until: time,
    expected: z.int('must be a whole number').min(1, 'must be 1 or more'),
    reason: z.string().min(1, 'must not be empty').max(2000, 'must not be longer than 2000 characters').optional(),
  })
  .meta({
    examples: [
      {
        command: 'retry',
        filter: { rule_id: 'vip-deposit' },
        until: '2026-01-31T12:00:00Z',
        expected: 500,
        reason: 'the receiver is back',
      },
    ],
  });

export const bulkQuery = z.strictObject(page);
export const bulkOutcomesQuery = z.strictObject({ state: oneOfText(bulkOutcomeStates).optional(), ...page });

export type BulkPreviewBody = z.output<typeof bulkPreviewBody>;
export type BulkBody = z.output<typeof bulkBody>;
export type BulkQuery = z.output<typeof bulkQuery>;
export type BulkOutcomesQuery = z.output<typeof bulkOutcomesQuery>;
