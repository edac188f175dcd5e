/** What an attempt throws that has called the other side, or has found that it never can. */
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import type { Tried } from '#temporal/contract/activities.ts';

/** Carries an error out of an activity; `failure.ts` turns it into what Temporal records. */
export class TriedError extends Error {
  readonly tried: Tried;

  /** @param cause what is told of the attempt */
  constructor(cause: unknown, tried: Tried = toTried(cause)) {
    super('tried', { cause });
    this.tried = tried;
  }
}

/** An unforeseen error may be tried again: the next worker, or the next version of this code, may do better. */
function toTried(error: unknown): Tried {
  if (error instanceof PermanentError) return { again: false };
  if (!(error instanceof RetryableError)) return { again: true };
  const { retryAfterMs, unanswered } = error;
  return {
    again: true,
    ...(retryAfterMs !== undefined && { afterMs: retryAfterMs }),
    ...(unanswered && { unanswered }),
  };
}

/**
 * True for a failure of something of our own that is away, before anybody was called: what is foreseen and may pass is
 * either that or a `TriedError`.
 */
export function isOwnOutage(error: unknown): error is RetryableError {
  return error instanceof RetryableError;
}
