/**
 * Gives one command to many runs: first the runs are collected, so that none is taken in later, then each has its turn.
 * Its state is in the store, and it begins anew whenever Temporal suggests it.
 */
import { ActivityFailure, continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import { messageOf } from '#libs/domain/errors/errors.ts';
import type { BulkActivities, BulkInput } from '#temporal/contract/bulk.ts';
import { bulkTaskQueue } from '#temporal/contract/names.ts';
import { bulkOptions } from '../activity-options.ts';

export async function executeBulkOperation(input: BulkInput): Promise<void> {
  const taskQueue = bulkTaskQueue(workflowInfo().taskQueue);
  const activities = proxyActivities<BulkActivities>({ ...bulkOptions, taskQueue });
  try {
    await execute(input, activities);
  } catch (error) {
    // Only what no repetition mends: a fault in signalbox.
    if (!(error instanceof ActivityFailure)) throw error;
    await activities.endBulkOperation({ bulk_id: input.bulk_id, error: messageOf(error.cause ?? error) });
    throw error;
  }
  await activities.endBulkOperation({ bulk_id: input.bulk_id });
}

async function execute({ bulk_id, collect_after }: BulkInput, activities: BulkActivities): Promise<void> {
  let after = collect_after;
  while (after !== null) {
    after = await activities.collectBulkRuns({ bulk_id, ...(after !== undefined && { after }) });
    await beginAnew({ bulk_id, collect_after: after });
  }
  while (await activities.commandBulkRuns({ bulk_id })) await beginAnew({ bulk_id, collect_after: null });
}

async function beginAnew(input: BulkInput): Promise<void> {
  if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof executeBulkOperation>(input);
}
