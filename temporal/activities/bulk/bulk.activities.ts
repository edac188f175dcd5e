/** What a bulk operation does: takes its runs, gives each the command, and notes what came of it. */
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { wasSoBefore, type BulkOperation, type BulkOutcome } from '#libs/domain/runs/bulk-operation.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import type { BulkOperations } from '#libs/store/runs/bulk-operation.repository.ts';
import type { BulkOutcomes } from '#libs/store/runs/bulk-outcome.repository.ts';
import type { RunRecords } from '#libs/store/runs/run-log.repository.ts';
import { selectBulkRuns } from '#libs/store/runs/run-selection.ts';
import type { BulkActivities } from '#temporal/contract/bulk.ts';
import { withFailureMapping } from '../failure.ts';
import { commandRun, type BulkCommandPorts } from './bulk-command.ts';
import { createPace } from './pace.ts';

export interface BulkPorts extends BulkCommandPorts {
  records: Pick<RunRecords, 'get' | 'listOldest'>;
  operations: BulkOperations;
  outcomes: BulkOutcomes;
  runsPerSecond: number;
}

/** After so long an activity ends and the next one begins, in milliseconds. */
const budgetMs = 10_000;
const heartbeatEveryMs = 2_500;
const collectedAtOnce = 200;
/** Runs between two looks at whether the operation is to stop, at most; a slow one looks once a second. */
const maxCommandedAtOnce = 25;

/** For the workers of `bulkTaskQueue`. */
export function createBulkActivities(ports: BulkPorts): BulkActivities {
  const { records, operations, outcomes } = ports;
  const pace = createPace(ports.runsPerSecond);
  const commandedAtOnce = Math.min(maxCommandedAtOnce, Math.ceil(ports.runsPerSecond));

  const find = async (bulkId: string): Promise<BulkOperation> => {
    const operation = await operations.get(bulkId);
    if (operation !== null) return operation;
    throw new PermanentError('bulk_not_found', `There is no bulk operation "${bulkId}".`);
  };

  const commandOne = async (operation: BulkOperation, outcome: BulkOutcome): Promise<void> => {
    await pace();
    if (cancellationSignal().aborted) return;
    await outcomes.settle(operation.bulk_id, outcome.run_id, await commandRun(ports, operation, outcome));
  };

  /** Every one that has begun is ended before an error is thrown: none is left to itself. */
  const commandAll = async (operation: BulkOperation, items: BulkOutcome[]): Promise<void> => {
    const errors: unknown[] = [];
    await mapLimited(items, (item) => commandOne(operation, item).catch((error: unknown) => void errors.push(error)));
    await operations.progress(operation.bulk_id, await outcomes.tally(operation.bulk_id));
    if (errors.length > 0) throw errors[0];
  };

  return {
    collectBulkRuns: withFailureMapping(async ({ bulk_id, after }) => {
      const operation = await find(bulk_id);
      if (operation.status !== 'running') return null;
      const page = { limit: collectedAtOnce, ...(after !== undefined && { cursor: after }) };
      const { items, nextCursor } = await records.listOldest(selectBulkRuns(operation), page);
      const left = operation.expected - (await outcomes.count(bulk_id));
      await outcomes.take(bulk_id, items.filter((run) => wasSoBefore(run, operation.until)).slice(0, left));
      const total = await outcomes.count(bulk_id);
      const isLast = nextCursor === null || total >= operation.expected;
      await operations.collected(bulk_id, total, isLast);
      return isLast ? null : nextCursor;
    }),

    commandBulkRuns: withFailureMapping(async ({ bulk_id }) => {
      const until = Date.now() + budgetMs;
      const beating = setInterval(() => heartbeat(), heartbeatEveryMs);
      try {
        do {
          const operation = await find(bulk_id);
          const { items } = await outcomes.list(bulk_id, 'pending', { limit: commandedAtOnce });
          if (operation.status !== 'running' || items.length === 0) return false;
          await commandAll(operation, items);
        } while (Date.now() < until && !cancellationSignal().aborted);
        return true;
      } finally {
        clearInterval(beating);
      }
    }),

    endBulkOperation: withFailureMapping(async ({ bulk_id, error }) => {
      const tally = await outcomes.tally(bulk_id);
      await operations.progress(bulk_id, tally);
      const { items } = await outcomes.list(bulk_id, 'pending', { limit: 1 });
      const { is_collected } = await find(bulk_id);
      const status = is_collected && items.length === 0 ? 'completed' : 'stopped';
      await operations.end(bulk_id, error === undefined ? status : 'failed', error);
    }),
  };
}
