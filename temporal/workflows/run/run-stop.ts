/** How the chain of a run's actions comes to its end. */
import type { RunOutcome } from '#libs/domain/runs/run-completion.ts';
import type { Failure } from './action-failure.ts';

/** Why no further action follows; empty when the chain goes on. */
export interface ActionsResult {
  /** How the run has ended: its record and last event are written already. */
  outcome?: RunOutcome;
  /** It ends well before its last action, for this reason. */
  stops?: string;
}

/** Ends the chain: the action at `index` failed for good, or the run was cancelled there. */
export class RunStopped extends Error {
  readonly index: number;
  readonly failure: Failure;

  constructor(index: number, failure: Failure, cause: unknown) {
    super(failure.message, { cause });
    this.index = index;
    this.failure = failure;
  }
}

/** The record says that the run has ended, which the run did not know: it was reset, or ended from outside. */
export class RunEnded extends Error {
  readonly outcome: RunOutcome;

  constructor(outcome: RunOutcome) {
    super(`The run has ended before: ${outcome.status}`);
    this.outcome = outcome;
  }
}
