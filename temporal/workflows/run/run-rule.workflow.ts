/**
 * Carries one rule out for one event. The workflow itself only waits for its run to end and for the handlers
 * of the run to finish: what happens in between is `RuleRun`.
 */
import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import type { RunInput } from '#libs/domain/runs/run.ts';
import { RuleRun } from './rule-run.ts';

/**
 * @throws ApplicationFailure with the code of the action that failed as its type, so that Temporal shows the run as
 * failed; CancelledFailure when the run was cancelled. The run record and the lifecycle events are out by then.
 */
export async function runRule(input: RunInput): Promise<void> {
  const run = new RuleRun(input);
  try {
    await run.execute();
  } finally {
    // Asked first: every wait of a workflow costs its worker.
    if (!allHandlersFinished()) await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  }
}
