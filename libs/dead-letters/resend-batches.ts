/**
 * From where on the letters of a reason are sent again, and up to where: to those that came while it is done belong the
 * ones that have failed again. The caller hands it from one batch to the next, so no process has to remember it.
 */
import { z } from 'zod';
import { parseDeadLetterId, type DeadLetterSummary } from '#libs/domain/events/dead-letter.ts';
import { InvalidInputError } from '#libs/domain/errors/errors.ts';
import type { LetterEnds } from './origin-topics.ts';

export interface ResendProgress {
  reason: string;
  ends: LetterEnds;
  after: { at: string; id: string } | null;
}

const maxPartitions = 10_000;

const schema = z.strictObject({
  reason: z.string(),
  ends: z.strictObject({
    topicId: z.string(),
    next: z.record(z.string(), z.int()).refine((next) => Object.keys(next).length <= maxPartitions),
  }),
  after: z.strictObject({ at: z.string(), id: z.string() }).nullable(),
});

export function writeProgress(progress: ResendProgress): string {
  return Buffer.from(JSON.stringify(progress)).toString('base64url');
}

/** @throws InvalidInputError for what `writeProgress` did not write for this reason */
export function readProgress(cursor: string, reason: string): ResendProgress {
  const read = schema.safeParse(parse(cursor));
  if (read.success && read.data.reason === reason) return read.data;
  const message = 'The cursor is not one that the batch before gave for this reason.';
  throw new InvalidInputError(message, [{ path: 'cursor', code: 'invalid_cursor', message }]);
}

/** Whether the letter was there when the first batch began. */
export function wasThere({ topicId, next }: LetterEnds, { dead_letter_id }: DeadLetterSummary): boolean {
  const place = parseDeadLetterId(dead_letter_id);
  return place !== null && place.topicId === topicId && place.offset < BigInt(next[place.partition] ?? 0);
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
  } catch {
    return null;
  }
}
