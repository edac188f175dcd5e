/** Bulk operations on the real servers, and the workers that execute them. */
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { vi } from 'vitest';
import { loadConfig } from '#libs/config/config.ts';
import type { BulkOperation } from '#libs/domain/runs/bulk-operation.ts';
import type { RunInput, RunRecord } from '#libs/domain/runs/run.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { createBulkActivities } from '#temporal/activities/bulk/bulk.activities.ts';
import type { BulkActivities } from '#temporal/contract/bulk.ts';
import { bulkTaskQueue } from '#temporal/contract/names.ts';
import { bulkPorts } from '../../apps/worker/bulk-ports.ts';
import type { TestApi, TokenOptions } from './api.ts';
import type { RunWorld } from './run-world.ts';
import { runInput, runRecord } from './runs.ts';
import { servers, uniqueName } from './servers.ts';
import { startTcpProxy } from './tcp-proxy.ts';

export function bulkOperation(given: Partial<BulkOperation> = {}): BulkOperation {
  return {
    bulk_id: 'bulk',
    command: 'retry',
    selection: {},
    brands: null,
    until: '2026-01-02T00:00:00.000Z',
    expected: 1,
    reason: null,
    by: 'alice',
    role: 'SESSION_ADMIN',
    status: 'running',
    created_at: '2026-01-02T00:00:00.000Z',
    finished_at: null,
    stopped_by: null,
    total: 0,
    is_collected: false,
    done: 0,
    skipped: 0,
    failed: 0,
    error: null,
    request: '',
    ...given,
  };
}

/** Of a worker on the queue of bulk operations of a world. */
export function bulkActivities(
  { taskQueue, store, temporal }: Pick<RunWorld, 'taskQueue' | 'store'> & { temporal: { client: Client } },
  runsPerSecond = 1000,
): BulkActivities {
  const config = loadConfig({ TEMPORAL_TASK_QUEUE: taskQueue, BULK_RUNS_PER_SECOND: String(runsPerSecond) });
  return createBulkActivities(bulkPorts(config, store, temporal.client, () => undefined));
}

/** A worker that executes bulk operations. @returns what ends it */
export async function startBulkWorker(
  { taskQueue, temporal }: Pick<RunWorld, 'taskQueue' | 'temporal'>,
  activities: object,
): Promise<() => Promise<void>> {
  return run(taskQueue, temporal.native, activities);
}

async function run(taskQueue: string, connection: NativeConnection, activities: object): Promise<() => Promise<void>> {
  const worker = await Worker.create({
    connection,
    taskQueue: bulkTaskQueue(taskQueue),
    activities,
    shutdownGraceTime: 0,
    shutdownForceTime: '2s',
  });
  const running = worker.run().catch(() => undefined);
  return async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  };
}

/** One that a test takes the network from, for good. */
export async function startDoomedBulkWorker(
  { taskQueue, storeUri }: Pick<RunWorld, 'taskQueue' | 'storeUri'>,
  runsPerSecond: number,
): Promise<{ lose(): Promise<void>; end(): Promise<void> }> {
  const uri = new URL(storeUri);
  const proxies = [await startTcpProxy(uri.host), await startTcpProxy(servers().temporal)] as const;
  uri.host = proxies[0].address;
  const store = await connectStore(uri.href, { serverSelectionTimeoutMs: 2_000 });
  const native = await NativeConnection.connect({ address: proxies[1].address });
  const temporal = { client: new Client({ connection: native }) };
  const stop = await run(taskQueue, native, bulkActivities({ taskQueue, store, temporal }, runsPerSecond));
  return {
    lose: async () => void (await Promise.all(proxies.map((proxy) => proxy.cut()))),
    async end() {
      await stop();
      await Promise.all([native.close(), store.close(true)]);
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}

/** Runs as they are when their only action has failed; a retry writes a note. @returns their ids */
export async function failRuns(
  world: Pick<RunWorld, 'store'>,
  count: number,
  given: Partial<RunRecord> = {},
): Promise<string[]> {
  const { rule_id = 'failing', brand = 'alpha' } = given;
  const at = new Date().toISOString();
  const inputs = Array.from({ length: count }, (): RunInput => {
    const base = runInput({ executionId: `${rule_id}:${uniqueName('event')}`, context: { brand, event: {} } });
    const actions = [{ type: 'add_note', params: { body: 'done in the end' } }];
    return { ...base, rule: { ...base.rule, id: rule_id, actions } };
  });
  const failed = {
    status: 'failed',
    started_at: at,
    claimed_at: at,
    finished_at: at,
    duration_ms: 1,
    error: { code: 'webhook_status', message: 'answered 500', action: 'action-0' },
    actions: [{ index: 0, type: 'add_note', status: 'failed', attempts: 1, started_at: at, finished_at: at }],
  } as const;
  const records = inputs.map(({ executionId: run_id }) =>
    runRecord({ ...failed, actions: [...failed.actions], run_id, rule_id, brand, ...given }),
  );
  for (let from = 0; from < count; from += 100) {
    await createRunLedger(world.store).claim(
      records.slice(from, from + 100),
      new Map(inputs.map((input) => [input.executionId, input])),
    );
  }
  return inputs.map(({ executionId }) => executionId);
}

type Given = Partial<BulkOperation> & { id: string };

/** Counts and starts one, as the console does. */
export async function startBulk(
  api: TestApi,
  body: { command: string; filter?: object; reason?: string },
  session: TokenOptions = {},
): Promise<Given> {
  const path = '/api/workflow/bulk-operations';
  const { reason: _reason, ...asked } = body;
  const preview = await api.as('SESSION_ADMIN', `${path}/preview`, { method: 'POST', body: asked }, session);
  const { count: expected, until } = preview.body.data as { count: number; until: string };
  const given = { method: 'POST', body: { ...body, expected, until } };
  const answer = await api.as('SESSION_ADMIN', path, given, session);
  if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
  return answer.body.data?.['bulk_operation'] as Given;
}

export async function readBulk(api: TestApi, id: string): Promise<Given> {
  const { body } = await api.as('SESSION_ADMIN', `/api/workflow/bulk-operations/${id}`);
  return body.data?.['bulk_operation'] as Given;
}

/** Resolves when it has ended. */
export function bulkEnd(api: TestApi, id: string): Promise<Given> {
  return vi.waitFor(
    async () => {
      const operation = await readBulk(api, id);
      if (operation.finished_at === null) throw new Error(`${JSON.stringify(operation)} goes on`);
      return operation;
    },
    { timeout: 90_000, interval: 200 },
  );
}

/** Of every run that it took. */
export async function bulkOutcomes(api: TestApi, id: string): Promise<Record<string, unknown>[]> {
  const outcomes: Record<string, unknown>[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const more = cursor === '' ? '' : `&cursor=${cursor}`;
    const { body } = await api.as('SESSION_ADMIN', `/api/workflow/bulk-operations/${id}/outcomes?limit=200${more}`);
    outcomes.push(...(body.data?.['outcomes'] as Record<string, unknown>[]));
    cursor = body.data?.['next_cursor'] as string | null;
  }
  return outcomes;
}
