/** Turns what an action threw into the code and message that the run record, the event and Temporal show. */
import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { SignalboxError } from '#libs/domain/errors.ts';
import type { FailureDetail } from '#temporal/contract/activities.ts';

export interface Failure {
  code: string;
  /** Masked by whoever made it. */
  message: string;
  attempts: number;
}

/** @throws the error itself when it is none that an action raises: a fault in workflow code must not end a run. */
export function failureOf(error: unknown): Failure {
  if (isCancellation(error)) return { code: 'Cancelled', message: 'The run was cancelled', attempts: 1 };
  if (error instanceof SignalboxError) return { code: error.code, message: error.message, attempts: 1 };
  if (!(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof ApplicationFailure) {
    return { code: cause.type ?? 'unexpected', message: cause.message, attempts: attemptsOf(cause) };
  }
  if (cause instanceof TimeoutFailure) {
    return {
      code: 'timeout',
      message: `${error.activityType}: no outcome in time (${cause.timeoutType})`,
      attempts: 1,
    };
  }
  return { code: 'unexpected', message: cause?.message ?? error.message, attempts: 1 };
}

function attemptsOf(failure: ApplicationFailure): number {
  const detail = failure.details?.[0] as Partial<FailureDetail> | undefined;
  return detail?.attempts ?? 1;
}
