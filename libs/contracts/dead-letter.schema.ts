/** Requests about dead letters. */
import { z } from 'zod';
import { deadLetterStates } from '#libs/domain/events/dead-letter.ts';
import { line } from './line.ts';
import { oneOfText, page, text } from './list-query.schema.ts';

export const deadLettersQuery = z.strictObject({
  reason: text.optional(),
  /** Where they came from, without the installation's prefix. */
  topic: text.optional(),
  state: oneOfText(deadLetterStates).optional(),
  brand: text.optional(),
  ...page,
});

/** A cursor names each partition of the topic of dead letters. */
const maxCursorLength = 100_000;

export const resendDeadLettersBody = z
  .strictObject({
    reason: text,
    /** `next_cursor` of the batch before; left out: the first batch. */
    cursor: line(maxCursorLength).optional(),
  })
  .meta({ examples: [{ reason: 'rule_too_slow' }] });

export type DeadLettersQuery = z.output<typeof deadLettersQuery>;
export type ResendDeadLettersBody = z.output<typeof resendDeadLettersBody>;
