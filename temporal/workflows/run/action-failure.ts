/** Turns what an action threw into the code and message that the run record, the event and Temporal show. */
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  isCancellation,
  TemporalFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import { SignalboxError } from '#libs/domain/errors/errors.ts';
import type { CallBatchProgress, FailureDetail } from '#temporal/contract/activities.ts';

export interface Failure {
  code: string;
  /** Masked where it was made. */
  message: string;
  attempts: number;
}

/** @throws the error itself when it is none that an action raises: a fault in workflow code must not end a run. */
export function toActionFailure(error: unknown): Failure {
  if (isCancellation(error)) return { code: 'Cancelled', message: 'The run was cancelled', attempts: 1 };
  if (error instanceof SignalboxError) return { code: error.code, message: error.message, attempts: 1 };
  // The SDK wraps what a regular activity threw, and hands out what a local activity threw as it is.
  const thrown = error instanceof ActivityFailure ? error.cause : error;
  if (thrown instanceof ApplicationFailure) {
    return { code: thrown.type ?? 'unexpected', message: thrown.message, attempts: readAttempts(thrown) };
  }
  if (thrown instanceof TimeoutFailure) {
    return { code: 'timeout', message: `The action had no outcome in time (${thrown.timeoutType})`, attempts: 1 };
  }
  if (error instanceof TemporalFailure) return { code: 'unexpected', message: error.message, attempts: 1 };
  throw error;
}

/** What calls that failed in the end, were cancelled or lost with their worker had done before. */
export function readProgress(error: unknown): CallBatchProgress | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure) return progressIn(cause.lastHeartbeatDetails);
  if (cause instanceof CancelledFailure) return progressIn(cause.details[0]);
  if (!(cause instanceof ApplicationFailure)) return undefined;
  return progressIn((cause.details?.[0] as Partial<FailureDetail> | undefined)?.progress);
}

/** Temporal has details of its own, e.g. a text for an activity that was cancelled before it began. */
function progressIn(details: unknown): CallBatchProgress | undefined {
  const progress = details as Partial<CallBatchProgress> | null | undefined;
  return Array.isArray(progress?.outcomes) ? (progress as CallBatchProgress) : undefined;
}

function readAttempts(failure: ApplicationFailure): number {
  const detail = failure.details?.[0] as Partial<FailureDetail> | undefined;
  return detail?.attempts ?? 1;
}
