/** A run that Temporal has closed. */
import type { ActionOutcome, RunInput } from '#libs/domain/runs/run.ts';

export interface ClosedRun {
  executionId: string;
  status: 'Terminated' | 'TimedOut' | 'Failed' | 'Canceled';
  /** ISO 8601 UTC. */
  closedAt: string;
  /** False when it was reset, and goes on. */
  isLatest(): Promise<boolean>;
  story(): Promise<RunStory>;
}

/** What its history says. */
export interface RunStory {
  input: RunInput;
  /** ISO 8601 UTC. */
  startedAt: string;
  /** What the person wrote who terminated it, or what it failed with. */
  reason: string | null;
  /** Null when no worker could tell. */
  outcomes: ActionOutcome[] | null;
  /** WorkflowStarted is out for certain. */
  startedPublished: boolean;
}
