/** Dead letters as the API answers with them. */
import { z } from 'zod';
import { payloadKinds } from '#libs/dead-letters/shown-message.ts';
import { deadLetterStates, resendObstacles } from '#libs/domain/events/dead-letter.ts';
import { nextCursor, time } from '../openapi/shared.schema.ts';

const deadLetterSchema = z
  .object({
    dead_letter_id: z.string(),
    reason: z.string().meta({ description: 'Stable code, such as not_json' }),
    message: z.string().meta({ description: 'What is wrong, for a person' }),
    brand: z.string().nullable().meta({ description: 'Null where it is unknown' }),
    at: time.meta({ description: 'When it went to the dead letters' }),
    origin: z.object({
      topic: z.string().meta({ description: 'Without the prefix of the installation' }),
      partition: z.int(),
      offset: z.string(),
      last_offset: z.string().nullable().meta({ description: 'Of a whole batch that could not be read' }),
      at: time.nullable(),
    }),
    value_bytes: z.int().nullable(),
    obstacle: z
      .enum(resendObstacles)
      .nullable()
      .meta({ description: 'Why it cannot be sent again: it is not whole, is a batch, or came by another topic' }),
    state: z
      .enum(deadLetterStates)
      .meta({ description: 'unknown: it was to be sent again, and whether Kafka took it is not known' }),
    resend: z
      .object({
        by: z.string(),
        at: time,
        to: z.object({ partition: z.int(), offset: z.string() }).nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'DeadLetter' });

const shownSchema = deadLetterSchema
  .extend({
    key: z.string().nullable(),
    payload: z.object({
      kind: z.enum(payloadKinds),
      text: z.string().meta({ description: 'The beginning, masked; nothing of a binary payload' }),
    }),
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
  })
  .meta({ id: 'ShownDeadLetter' });

const reasonSchema = z
  .object({
    reason: z.string(),
    open: z.int().meta({ description: 'Letters that can be sent again, as far as they were counted' }),
    is_more: z.boolean().meta({ description: 'There are more than were counted' }),
  })
  .meta({ id: 'DeadLetterReason' });

export const deadLettersAnswer = z.object({ dead_letters: z.array(deadLetterSchema), next_cursor: nextCursor });
export const deadLetterReasonsAnswer = z.object({ reasons: z.array(reasonSchema) });
export const deadLetterAnswer = z.object({ dead_letter: shownSchema });
export const resentDeadLetterAnswer = z.object({ dead_letter: deadLetterSchema });
export const resendBatchAnswer = z.object({
  results: z.array(
    z.object({
      dead_letter_id: z.string(),
      outcome: z
        .enum(['sent', 'refused', 'unknown', 'taken'])
        .meta({ description: 'taken: another request sends it, or has; refused: Kafka does not take it' }),
    }),
  ),
  next_cursor: nextCursor.meta({ description: 'Of the next batch; null = all have had their turn' }),
  stopped_by: z.enum(['kafka_unavailable']).nullable(),
});
