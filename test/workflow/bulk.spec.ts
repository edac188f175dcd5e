/** The workflow of a bulk operation, with activities that say how far it is. */
import { activityInfo } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import { withFailureMapping } from '#temporal/activities/failure.ts';
import { createBulkStarter } from '#temporal/client/bulk-starter.ts';
import { bulkWorkflowId, type BulkActivities } from '#temporal/contract/bulk.ts';
import { bulkTaskQueue } from '#temporal/contract/names.ts';
import { uniqueName } from '../support/servers.ts';
import { connectTemporal, type TestTemporal } from '../support/temporal.ts';
import { workflowBundle } from './run-harness.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTemporal();
});
afterAll(() => temporal.close());

interface Told {
  /** Cursors with which runs were collected. */
  collected: (string | null)[];
  /** Temporal's ids of the runs of the workflow that gave commands. */
  runs: Set<string>;
  ends: (string | null)[];
}

/** @param command what the activity that gives commands says the nth time, from 1 on */
async function execute(
  pages: readonly (string | null)[],
  command: (n: number, told: Told) => boolean,
): Promise<Told & { hasFailed: boolean }> {
  const told: Told = { collected: [], runs: new Set(), ends: [] };
  let commands = 0;
  const activities: BulkActivities = {
    collectBulkRuns: withFailureMapping(async ({ after = null }) => {
      told.collected.push(after);
      return Promise.resolve(pages[told.collected.length - 1] ?? null);
    }),
    commandBulkRuns: withFailureMapping(async () => {
      told.runs.add(activityInfo().workflowExecution!.runId);
      return Promise.resolve(command((commands += 1), told));
    }),
    endBulkOperation: withFailureMapping(async ({ error = null }) => {
      told.ends.push(error);
      return Promise.resolve();
    }),
  };
  const taskQueue = uniqueName('bulk');
  const bulk_id = uniqueName('operation');
  const { native: connection, client } = temporal;
  const worker = await Worker.create({ connection, taskQueue, workflowBundle: workflowBundle() });
  const other = await Worker.create({ connection, taskQueue: bulkTaskQueue(taskQueue), activities });
  return worker.runUntil(() =>
    other.runUntil(async () => {
      const starter = createBulkStarter(client.workflow, taskQueue, 10_000);
      await starter.start({ bulk_id, command: 'retry', expected: 1 });
      // Asked for again, it is not started again.
      await starter.start({ bulk_id, command: 'retry', expected: 1 });
      const hasFailed = await client.workflow
        .getHandle(bulkWorkflowId(bulk_id))
        .result()
        .then(() => false)
        .catch(() => true);
      return { ...told, hasFailed };
    }),
  );
}

describe('a bulk operation', () => {
  it('collects its runs page by page, gives the command until none is left, and ends', async () => {
    const told = await execute(['one', 'two', null], (n) => n < 3);
    expect(told).toMatchObject({ collected: [null, 'one', 'two'], ends: [null], hasFailed: false });
  });

  it('begins anew when its history grows long, and collects nothing again', async () => {
    const told = await execute([null], (_n, { runs }) => runs.size === 1);
    expect(told).toMatchObject({ collected: [null], ends: [null], hasFailed: false });
    expect(told.runs.size).toBe(2);
  }, 180_000);

  it('goes on when something of ours was away', async () => {
    const told = await execute([null], (n) => {
      if (n === 1) throw new RetryableError('store_unavailable', 'away');
      return false;
    });
    expect(told).toMatchObject({ ends: [null], hasFailed: false });
  });

  it('that fails as a whole says so', async () => {
    const told = await execute([null], () => {
      throw new PermanentError('bulk_not_found', 'There is no such bulk operation.');
    });
    expect(told).toMatchObject({ ends: ['There is no such bulk operation.'], hasFailed: true });
  });
});
