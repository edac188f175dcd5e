/**
 * Starts a run that was decided and claimed, and that Temporal does not have. The ingress that decided it may be about to do the
 * same: Temporal takes one of the two.
 */
import { SignalboxError } from '#libs/domain/errors/errors.ts';
import type { RunPatch, RunRecord } from '#libs/domain/runs/run.ts';
import type { RetryStore } from '#libs/store/runs/retry.repository.ts';
import { refusedEnd, type RunStarter, type StartOutcome } from './run-starter.ts';

export interface RestartPorts {
  retries: Pick<RetryStore, 'inputOf'>;
  starter: RunStarter;
  /** Ends the record of a run that Temporal will never take. */
  failRun: (executionId: string, patch: RunPatch) => Promise<void>;
}

/** @returns a function that gives `unknown` when what the run is to be started with is known no more */
export function createRestart({ retries, starter, failRun }: RestartPorts) {
  return async (record: RunRecord): Promise<StartOutcome | 'refused' | 'unknown'> => {
    const input = await retries.inputOf(record);
    if (input === null) return 'unknown';
    try {
      return await starter.start(input);
    } catch (error) {
      if (!(error instanceof SignalboxError) || error.retryable) throw error;
      await failRun(record.run_id, refusedEnd(error));
      return 'refused';
    }
  };
}
