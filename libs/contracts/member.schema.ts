/**
 * What `RecordCheck` takes, as schemas: they describe the messages that it reads, and read none themselves. Where JSON
 * Schema cannot say a rule, it says the nearest that refuses nothing more.
 */
import { z } from 'zod';
import { parseIsoTime } from '#libs/domain/values/iso-time.ts';
import { maxExactNumber } from './exact-numbers.ts';
import { nameIssue, textLimits } from './record-check.ts';

/** A pattern. */
export const noControls = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';

/** Text that serves as a key. @param limit in characters of UTF-16 */
export function key(limit: number = textLimits.name) {
  return z
    .string()
    .refine((text) => nameIssue(text, limit) === null)
    .meta({ minLength: 1, maxLength: limit, pattern: noControls });
}

export const eventId = key(textLimits.id).meta({
  id: 'EventId',
  description: 'At most 1,000 characters and 2,000 bytes, without control characters.',
});

const timePattern =
  '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])' +
  '(?:[Tt ](?:[01]\\d|2[0-3]):[0-5]\\d(?::(?:[0-5]\\d|60)(?:[.,]\\d{1,9})?)?(?:[Zz]|[+-](?:[01]\\d|2[0-3]):?[0-5]\\d)?)?$';

export const eventTime = z
  .string()
  .refine((text) => parseIsoTime(text) !== null)
  .meta({
    id: 'EventTime',
    pattern: timePattern,
    description: 'ISO 8601, a date or a date-time; without an offset it is UTC.',
    examples: ['2026-01-31T12:00:00Z'],
  });

/** A whole number of at least 0, or text of digits. */
export const counted = z.union([z.int().min(0), z.string().regex(/^\d{1,15}$/)]);

export const login = counted.meta({
  id: 'Login',
  description: 'Number of a trading account; text of digits says the same.',
});

/** An id of text, also where a whole number writes it. */
export const textId = z.union([key(), z.int().min(0)]);

export const writtenText = z.union([z.string(), z.int()]);

export const flag = z.union([z.boolean(), z.literal([0, 1])]);

export const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const exactNumber = z.number().min(-maxExactNumber).max(maxExactNumber);

export const causation = z.array(eventId).max(textLimits.causation).meta({
  id: 'Causation',
  description: 'Ids of the events that led to this one, oldest first.',
});

/** A member that must not be there, not even as null. */
export const absent = z.never().optional();
