/** How the chain of a run's actions comes to its end. */
import type { Failure } from './failure-of.ts';

/** Why no further action follows; empty when the chain goes on. */
export interface ChainEnd {
  /** How long the run took: its record and last event are written already. */
  durationMs?: number;
  /** It ends well before its last action, for this reason. */
  stops?: string;
}

/** Ends the chain: the action at `index` failed for good, or the run was cancelled there. */
export class ChainStopped extends Error {
  readonly index: number;
  readonly failure: Failure;

  constructor(index: number, failure: Failure, cause: unknown) {
    super(failure.message, { cause });
    this.index = index;
    this.failure = failure;
  }
}
