/** Held runs as commands decide about them: Temporal is connected with the first run that is started. */
import { WorkflowClient } from '@temporalio/client';
import type { Config } from '#libs/config/config.ts';
import { createHeldRuns, type HeldRuns } from '#temporal/client/held-runs.ts';
import { createRunStarter } from '#temporal/client/run-starter.ts';
import { openTemporal } from '#temporal/client/temporal-access.ts';
import type { StoreSession } from './store-session.ts';

export interface TemporalSession {
  heldRuns: HeldRuns;
  close(): Promise<void>;
}

export function openTemporalSession(config: Config, store: StoreSession): TemporalSession {
  const connection = openTemporal(config);
  const client = new WorkflowClient({ connection, namespace: config.TEMPORAL_NAMESPACE });
  const heldRuns = createHeldRuns({
    store: store.heldRuns,
    records: store.runs,
    starter: createRunStarter(client, config.TEMPORAL_TASK_QUEUE),
    failRun: (executionId, patch) => store.recorder.write(executionId, patch),
  });
  return { heldRuns, close: () => connection.close() };
}
