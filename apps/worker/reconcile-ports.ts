/** What the reconciler of runs asks: which of them are seen to, and how to start one, or a bulk operation, that never was. */
import type { Client } from '@temporalio/client';
import type { Connection } from 'mongoose';
import type { Config } from '#libs/config/config.ts';
import { createBulkOperations } from '#libs/store/runs/bulk-operation.repository.ts';
import { createClosedRunStore } from '#libs/store/runs/closed-run.repository.ts';
import { createRetryStore } from '#libs/store/runs/retry.repository.ts';
import { createRunRecorder } from '#libs/store/runs/run-recorder.ts';
import type { MaintenancePorts } from '#temporal/activities/create-activities.ts';
import { createBulkStarter } from '#temporal/client/bulk-starter.ts';
import { createRestart } from '#temporal/client/restart.ts';
import { createRunStarter } from '#temporal/client/run-starter.ts';

type ReconcilePorts = Pick<MaintenancePorts, 'closedRunStore' | 'restart' | 'bulk' | 'limits'>;

export function reconcilePorts(config: Config, store: Connection, client: Client): ReconcilePorts {
  const recorder = createRunRecorder(store);
  return {
    closedRunStore: createClosedRunStore(store),
    restart: createRestart({
      retries: createRetryStore(store),
      starter: createRunStarter(client.workflow, config.temporal.taskQueue),
      failRun: (executionId, patch) => recorder.write(executionId, patch),
    }),
    bulk: {
      operations: createBulkOperations(store),
      starter: createBulkStarter(client.workflow, config.temporal.taskQueue, config.commands.timeoutMs),
    },
    limits: config.reconcile,
  };
}
