/** BacktestsService as the API answers with them. */
import { z } from 'zod';
import { backtestNoteCodes } from '#libs/domain/rules/backtest-result.ts';
import { json, time } from '../openapi/shared.schema.ts';

const sampleSchema = z.object({
  event_id: z.string(),
  at: time,
  brand: z.string().nullable(),
  customer_id: z.string().nullable(),
  login: z.int().nullable(),
  actions: json.meta({ description: 'What it would have executed; null where the samples before are long enough' }),
});

const noteSchema = z
  .object({ code: z.enum(backtestNoteCodes), message: z.string() })
  .meta({ id: 'BacktestNote', description: 'What the figures leave open' });

const resultSchema = z
  .object({
    events_read: z.int(),
    undecodable: z.int().meta({ description: 'Messages that would go to the dead letters' }),
    events_considered: z.int().meta({ description: "Events of the rule's trigger and brand" }),
    matches: z.int(),
    matches_per_day: z.record(z.string(), z.int()).meta({ description: 'By UTC day of the event' }),
    samples: z.array(sampleSchema),
    difference: z
      .object({
        both: z.int(),
        only_candidate: z.int(),
        only_stored: z.int(),
        samples: z.object({ only_candidate: z.array(z.string()), only_stored: z.array(z.string()) }),
      })
      .nullable()
      .meta({ description: 'Beside version `against` of the rule; null when there is none' }),
    from: time.nullable(),
    to: time.nullable(),
    notes: z.array(noteSchema),
  })
  .meta({ id: 'BacktestResult' });

export const backtestSchema = z
  .object({
    id: z.string(),
    brand: z.string().nullable(),
    by: z.string(),
    rule_id: z.string().nullable(),
    days: z.int(),
    against: z.int().nullable().meta({ description: 'The version of the rule that the difference is to; null: none' }),
    status: z.enum(['running', 'completed', 'failed', 'cancelled']),
    started_at: time,
    finished_at: time.nullable(),
    progress: z
      .object({ events_read: z.int(), matches: z.int(), total: z.int() })
      .nullable()
      .meta({ description: 'While it runs, once it has begun' }),
    result: resultSchema.nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'Backtest' });

export const backtestAnswer = z.object({ backtest: backtestSchema });
export const cancelledBacktestAnswer = z.object({ id: z.string(), cancelled: z.literal(true) });

export type BacktestView = z.output<typeof backtestSchema>;
