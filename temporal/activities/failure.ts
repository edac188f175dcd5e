/**
 * The one place where an activity's error becomes what Temporal records: `type` = the error's code, retried or not by
 * its class, the message masked. Failures end up in Temporal's history and its UI, so nothing secret may pass here.
 */
import { activityInfo, CancelledFailure, CompleteAsyncError } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { messageOf, RetryableError, SignalboxError } from '#libs/domain/errors/errors.ts';
import { maskText } from '#libs/domain/masking/masking.ts';
import type { FailureDetail } from '#temporal/contract/activities.ts';
import { shorten } from '#libs/domain/values/shorten.ts';
import { TriedError } from './outbound/tried.ts';

/** Temporal refuses failures of a few hundred kilobytes. */
const maxMessageLength = 2000;
const maxStackLength = 4000;

/**
 * What an activity throws for any thrown value. Failures of Temporal's own (cancelled, completed elsewhere, already
 * mapped) stay as they are. An unforeseen error is an `internal_error`: retried, since the next version of this
 * code, or the next worker, may do better. An attempt that has called the other side is final for Temporal: the run
 * counts it and begins the next one (`Tried`).
 */
export function toApplicationFailure(thrown: unknown, detail?: FailureDetail): Error {
  if (
    thrown instanceof ApplicationFailure ||
    thrown instanceof CancelledFailure ||
    thrown instanceof CompleteAsyncError
  ) {
    return thrown;
  }
  if (thrown instanceof TriedError) {
    const { cause, tried } = thrown;
    return recorded(cause, detail && { ...detail, tried }, { nonRetryable: true });
  }
  const foreseen = thrown instanceof SignalboxError ? thrown : null;
  const wait = foreseen instanceof RetryableError ? (foreseen.retryAfterMs ?? 0) : 0;
  return recorded(thrown, detail, {
    nonRetryable: foreseen?.retryable === false,
    // Temporal takes no pause at all for a failure that is not tried again.
    nextRetryDelay: wait > 0 ? wait : undefined,
  });
}

function recorded(
  thrown: unknown,
  detail: FailureDetail | undefined,
  more: { nonRetryable: boolean; nextRetryDelay?: number | undefined },
): ApplicationFailure {
  const failure = ApplicationFailure.create({
    type: thrown instanceof SignalboxError ? thrown.code : 'internal_error',
    message: shorten(maskText(messageOf(thrown)), maxMessageLength),
    details: detail === undefined ? [] : [detail],
    ...more,
  });
  // The cause is not handed on: Temporal would record its message and stack as they are.
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  failure.stack = stack === undefined ? '' : shorten(maskText(stack), maxStackLength);
  return failure;
}

/** The same activity, failing only as `toApplicationFailure` says. Wrapping twice changes nothing. */
export function withFailureMapping<Args extends unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await activity(...args);
    } catch (error) {
      throw toApplicationFailure(error, { attempts: activityInfo().attempt });
    }
  };
}
