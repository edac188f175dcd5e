/** The headers of a dead letter as a schema, for those who read the topic. */
import { z } from 'zod';
import { deadLetterHeaders as names, originalPrefix } from './dead-letter.ts';

const count = z.string().regex(/^\d+$/);

export const deadLetterHeadersSchema = z
  .looseObject({
    [names.reason]: z.string().min(1).describe('Stable code, such as `not_json` or `invalid_event`.'),
    [names.message]: z.string().describe('What is wrong, for a person; names places and types, never values.'),
    [names.topic]: z.string().min(1).describe('The topic that the message came from.'),
    [names.partition]: count,
    [names.offset]: count,
    [names.lastOffset]: count
      .optional()
      .describe('Where a whole batch could not be read: its last offset. The value is the batch as Kafka stores it.'),
    [names.timestamp]: z
      .string()
      .regex(/^-?\d+$/)
      .describe('Kafka timestamp of the message, milliseconds since 1970.'),
    [names.truncatedFrom]: count
      .optional()
      .describe(
        'Bytes of the original value, where the whole value could not be written. Its key and headers are missing.',
      ),
    [names.emptyHeaders]: z
      .string()
      .optional()
      .describe('Names of original headers that had no value, with commas between.'),
  })
  .meta({
    id: 'DeadLetterHeaders',
    description: `The original headers follow, each under \`${originalPrefix}\` and its own name.`,
  });
