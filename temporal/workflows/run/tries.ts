/**
 * How often an action that calls another system is tried. The run itself counts: only attempts that called the other system are
 * in its history as such, and what is ours and away costs the other side none of them.
 */
import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { FailureDetail, TriesSoFar } from '#temporal/contract/activities.ts';

/** Pauses double from the first to the longest, in milliseconds. */
export interface TryPolicy {
  firstPauseMs: number;
  maxPauseMs: number;
  /** After one that was handed over and not answered: the other side is slow, and may have done it. */
  unansweredPauseMs: number;
  /** Attempts in all. */
  maxTries?: number;
  /** How long after the first that failed another one is made. */
  forMs?: number;
}

export class Tries {
  readonly index: number;
  #made = 0;
  #unanswered = 0;
  #firstFailedAt = 0;

  /** @param index of the action */
  constructor(index: number) {
    this.index = index;
  }

  get soFar(): TriesSoFar {
    return { made: this.#made, unanswered: this.#unanswered };
  }

  /**
   * Counts an attempt that failed.
   * @param now workflow time
   * @returns the pause before the next one, in milliseconds; null when there is none
   */
  after(error: unknown, policy: TryPolicy, now: number): number | null {
    const tried = toTried(error);
    if (tried === undefined) return null;
    if (this.#made === 0) this.#firstFailedAt = now;
    this.#made += 1;
    if (tried.unanswered === true) this.#unanswered += 1;
    const { firstPauseMs, maxPauseMs, unansweredPauseMs, maxTries: most = Infinity, forMs = Infinity } = policy;
    if (!tried.again || this.#made >= most || now - this.#firstFailedAt >= forMs) return null;
    const pause = Math.min(maxPauseMs, firstPauseMs * 2 ** (this.#made - 1));
    return tried.afterMs ?? (tried.unanswered === true ? Math.max(pause, unansweredPauseMs) : pause);
  }
}

function toTried(error: unknown): FailureDetail['tried'] {
  const thrown = error instanceof ActivityFailure ? error.cause : error;
  if (!(thrown instanceof ApplicationFailure)) return undefined;
  return (thrown.details?.[0] as Partial<FailureDetail> | undefined)?.tried;
}
