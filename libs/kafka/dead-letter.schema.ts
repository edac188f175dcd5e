/** The headers of dead letters as schemas, for those who read their topics. */
import { z } from 'zod';
import { deadLetterHeaders as names, originalPrefix } from './dead-letter.ts';

const count = z.string().regex(/^\d+$/);

const headers = {
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
  [names.brand]: z.string().optional().describe('The brand of the event, where it was known.'),
  [names.truncatedFrom]: count
    .optional()
    .describe(
      'Bytes of the original value, where the whole value could not be written. Its key and headers are missing.',
    ),
  [names.emptyHeaders]: z
    .string()
    .optional()
    .describe('Names of original headers that had no value, with commas between.'),
};

const meta = (id: string) => ({
  id,
  description: `The original headers follow, each under \`${originalPrefix}\` and its own name.`,
});

export const deadLetterHeadersSchema = z.looseObject(headers).meta(meta('DeadLetterHeaders'));

export const subscriberDeadLetterHeadersSchema = z
  .looseObject({
    ...headers,
    [names.group]: z.string().min(1).describe('Consumer group of the service that could not handle the event.'),
    [names.handler]: z.string().optional().describe('Its handler; none where the message is no event of a run.'),
  })
  .meta(meta('SubscriberDeadLetterHeaders'));
