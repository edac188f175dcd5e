/** What a run was started with, as the API answers. */
import { z } from 'zod';
import { json, time } from '../openapi/shared.schema.ts';

export const runInputSchema = z
  .object({
    event: z.object({
      id: z.string(),
      trigger: z.string(),
      occurred_at: time,
      data: json.meta({ description: 'Masked' }),
    }),
    actions: z.array(
      z.object({
        type: z.string(),
        params: json.meta({ description: 'With what the event put into them; masked' }),
      }),
    ),
  })
  .meta({ id: 'RunInput' });

export const runInputAnswer = z.object({
  input: runInputSchema.nullable().meta({ description: 'Null: it is known no more' }),
});

export type RunInputView = z.output<typeof runInputSchema>;
