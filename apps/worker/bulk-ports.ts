/** What bulk operations read and write, and the services through which each run gets the command. */
import type { Client } from '@temporalio/client';
import type { Connection } from 'mongoose';
import type { Config } from '#libs/config/config.ts';
import { createAudited } from '#libs/domain/access/audit-log.ts';
import type { RunPatch } from '#libs/domain/runs/run.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createPersonNames } from '#libs/store/access/person-names.reader.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createBulkOperations } from '#libs/store/runs/bulk-operation.repository.ts';
import { createBulkOutcomes } from '#libs/store/runs/bulk-outcome.repository.ts';
import { createHeldRunStore } from '#libs/store/runs/held-run.repository.ts';
import { createRetryStore } from '#libs/store/runs/retry.repository.ts';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { createRunNumbers } from '#libs/store/runs/run-number.repository.ts';
import { createRunRecorder } from '#libs/store/runs/run-recorder.ts';
import type { BulkPorts } from '#temporal/activities/bulk/bulk.activities.ts';
import { createHeldRuns } from '#temporal/client/held-runs.ts';
import { createRunControl } from '#temporal/client/run-control.ts';
import { createRunStarter } from '#temporal/client/run-starter.ts';

type Settings = Pick<Config, 'temporal' | 'commands' | 'bulk'>;

/** @param onAuditFailure told when the outcome of a command could not be noted */
export function bulkPorts(
  { temporal, commands, bulk }: Settings,
  store: Connection,
  { workflow: client }: Client,
  onAuditFailure: (error: unknown) => void,
): BulkPorts {
  const recorder = createRunRecorder(store);
  const shared = {
    records: createRunRecords(store),
    starter: createRunStarter(client, temporal.taskQueue),
    failRun: (runId: string, patch: RunPatch) => recorder.write(runId, patch),
    audited: createAudited(createAuditLog(store), onAuditFailure),
  };
  const names = createPersonNames(store);
  return {
    records: shared.records,
    operations: createBulkOperations(store),
    outcomes: createBulkOutcomes(store),
    heldRuns: createHeldRuns({ ...shared, store: createHeldRunStore(store) }),
    control: createRunControl({
      ...shared,
      client,
      approvals: createApprovals(store),
      retries: createRetryStore(store),
      numbers: createRunNumbers(store),
      namesOf: (userId, keys) => names.namesOf(userId, keys),
      commandTimeoutMs: commands.timeoutMs,
    }),
    runsPerSecond: bulk.runsPerSecond,
  };
}
