/** Starts the workflow of a bulk operation, which may be asked for again. */
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  type WorkflowClient,
} from '@temporalio/client';
import type { BulkOperation } from '#libs/domain/runs/bulk-operation.ts';
import { bulkWorkflowId, type BulkInput } from '#temporal/contract/bulk.ts';
import { bulkWorkflow } from '#temporal/contract/names.ts';
import { askTemporal } from './commands.ts';

/** Each throws RetryableError `temporal_unavailable` or `outcome_unknown`. */
export interface BulkStarter {
  /** @returns false where it was started before */
  start(operation: Pick<BulkOperation, 'bulk_id' | 'command' | 'expected'>): Promise<boolean>;
  isUnderWay(bulkId: string): Promise<boolean>;
}

/** @param timeoutMs how long Temporal may take to answer */
export function createBulkStarter(client: WorkflowClient, taskQueue: string, timeoutMs: number): BulkStarter {
  return {
    async start({ bulk_id, command, expected }) {
      const input: BulkInput = { bulk_id };
      return askTemporal(client, timeoutMs, async () => {
        try {
          await client.start(bulkWorkflow, {
            workflowId: bulkWorkflowId(bulk_id),
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
            taskQueue,
            args: [input],
            staticSummary: `${command}, ${expected} runs`,
          });
          return true;
        } catch (error) {
          if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
          throw error;
        }
      });
    },

    isUnderWay: (bulkId) =>
      askTemporal(client, timeoutMs, async () => {
        try {
          const { status } = await client.getHandle(bulkWorkflowId(bulkId)).describe();
          return status.name === 'RUNNING';
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return false;
          throw error;
        }
      }),
  };
}
