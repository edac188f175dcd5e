/** Lifecycle events as the API answers with them. */
import { z } from 'zod';
import { lifecycleCloudEventSchema, lifecycleEventSchemas } from '#libs/contracts/lifecycle.schema.ts';

const { started, completed, failed, paused, resumed } = lifecycleEventSchemas;
const correlationToken = z
  .string()
  .nullable()
  .meta({ description: 'Null for a session that may not answer this approval' });

const eventSchema = lifecycleCloudEventSchema
  .extend({
    data: z.discriminatedUnion('eventType', [
      started,
      completed,
      failed,
      paused.extend({ correlationToken }),
      resumed.extend({ correlationToken }),
    ]),
  })
  .meta({ id: 'LifecycleEvent' });

const position = z.string().meta({ description: 'Give it back as `after` to go on behind it' });

export const lifecycleEventsAnswer = z.object({
  events: z.array(z.object({ position, event: eventSchema }).meta({ id: 'PositionedLifecycleEvent' })),
  next: z
    .string()
    .nullable()
    .meta({ description: 'Position behind what was looked through; null: nothing was ever kept' }),
  at_end: z.boolean().meta({ description: 'Whether nothing more is there for now' }),
});

export const eventsOfRunAnswer = z.object({
  events: z.array(eventSchema),
  next_sequence: z.int().nullable().meta({ description: 'The `from_sequence` of the next page; null on the last one' }),
});

export type LifecycleEventView = z.output<typeof eventSchema>;
export type LifecycleEventsView = z.output<typeof lifecycleEventsAnswer>;
export type EventsOfRunView = z.output<typeof eventsOfRunAnswer>;
