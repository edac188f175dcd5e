/**
 * Starts bulk operations that were stored and never started, since the API died in between or lost sight of Temporal.
 * Temporal refuses a second start, so the API and the workers of all replicas may try at once.
 */
import { messageOf, SignalboxError } from '#libs/domain/errors/errors.ts';
import type { BulkOperation } from '#libs/domain/runs/bulk-operation.ts';
import type { BulkOperations } from '#libs/store/runs/bulk-operation.repository.ts';
import type { TallyPorts } from './tally.ts';

export interface BulkLookPorts extends TallyPorts {
  bulk: {
    operations: Pick<BulkOperations, 'listNotBegun' | 'end'>;
    starter: {
      /** @returns false where it was started before */
      start(operation: BulkOperation): Promise<boolean>;
      isUnderWay(bulkId: string): Promise<boolean>;
    };
  };
  /** For how long Temporal knows a workflow after its end, in milliseconds. */
  retention(): Promise<number>;
}

/** One that cannot be looked at is told of in the log, and looked at again. @returns how many were started */
export async function lookAtBulkOperations(ports: BulkLookPorts): Promise<number> {
  let started = 0;
  try {
    // Of an older one Temporal may have forgotten that it was ended by hand.
    const since = new Date(ports.now().getTime() - 0.9 * (await ports.retention())).toISOString();
    for (const operation of await ports.bulk.operations.listNotBegun(since)) {
      ports.heartbeat();
      if (await startOrEnd(operation, ports)) started += 1;
    }
  } catch (error) {
    ports.warn('bulk operations cannot be looked at: they are looked at again', {
      code: error instanceof SignalboxError ? error.code : undefined,
      error: messageOf(error),
    });
  }
  return started;
}

async function startOrEnd(operation: BulkOperation, ports: BulkLookPorts): Promise<boolean> {
  const { bulk_id, status } = operation;
  const { bulk } = ports;
  if (status === 'stopping') {
    // No worker has it that could write its end.
    if (!(await bulk.starter.isUnderWay(bulk_id))) await bulk.operations.end(bulk_id, 'stopped');
    return false;
  }
  if (!(await bulk.starter.start(operation))) return false;
  ports.warn('a bulk operation that was stored and never started is started', { bulkId: bulk_id });
  return true;
}
