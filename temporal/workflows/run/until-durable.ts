/**
 * What people do to a run is told and written only once it is durable: when the workflow task that took their command
 * has been reported. A local activity runs before that, and a worker that dies then takes the command along. A timer is
 * the least that makes the server give out another workflow task; an activity of the server's would cost twice as much.
 */
import { CancellationScope, sleep } from '@temporalio/workflow';

/** Resolves when everything that the run has taken so far is durable; what comes meanwhile may not be. */
export function waitUntilDurable(): Promise<void> {
  return CancellationScope.nonCancellable(() => sleep(1));
}
