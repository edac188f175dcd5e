/** What commands ask of Temporal. It is connected with the first call. */
import { WorkflowClient } from '@temporalio/client';
import type { Config } from '#libs/config/config.ts';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import type { RunPatch } from '#libs/domain/runs/run.ts';
import { createHeldRuns, type HeldRuns } from '#temporal/client/held-runs.ts';
import { createRunControl, type RunControl } from '#temporal/client/run-control.ts';
import { createRunStarter } from '#temporal/client/run-starter.ts';
import { openTemporal } from '#temporal/client/connection.ts';
import type { StoreSession } from './store-session.ts';

export interface TemporalSession {
  heldRuns: HeldRuns;
  control: RunControl;
  close(): Promise<void>;
}

export function openTemporalSession(config: Config, store: StoreSession, audited: Audited): TemporalSession {
  const connection = openTemporal(config.temporal);
  const client = new WorkflowClient({ connection, namespace: config.temporal.namespace });
  const shared = {
    records: store.runs,
    starter: createRunStarter(client, config.temporal.taskQueue),
    failRun: (executionId: string, patch: RunPatch) => store.recorder.write(executionId, patch),
    audited,
  };
  return {
    heldRuns: createHeldRuns({ store: store.heldRuns, ...shared }),
    control: createRunControl({
      client,
      approvals: store.approvals,
      retries: store.retries,
      numbers: store.runNumbers,
      namesOf: (userId, keys) => store.names.namesOf(userId, keys),
      commandTimeoutMs: config.commands.timeoutMs,
      ...shared,
    }),
    close: () => connection.close(),
  };
}
