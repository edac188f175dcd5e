/**
 * How many rows PostgreSQL reads for a page of the embedded store, by its own counters. MongoDB's plans are held against
 * the declared indexes instead (libs/store/mongo/list-indexes.spec.ts).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord, RunStatus } from '#libs/domain/runs/run.ts';
import { connectStore, pingStore } from '#libs/store/mongo/connect.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import type { Page } from '#libs/store/mongo/keyset-page.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { createRunRecords, type RunFilter } from '#libs/store/runs/run-log.repository.ts';
import { originOf } from '../../../stack/provision.ts';
import { postgresRole } from '../../../stack/servers/postgres.server.ts';
import { startStack, type RunningStack } from '../../../stack/stack.ts';
import { askPostgres } from '../../support/postgres.ts';
import { runRecord } from '../../support/runs.ts';
import { servers } from '../../support/servers.ts';

const { MONGODB_URI: _, ...env } = process.env;
const size = 4000;
const limit = 20;
/** Runs of a rule that are slow to read, runs of a trigger, and runs of both. */
const slow = 500;
const triggered = 2000;
const rare = 110;

/** The run's own store is the embedded one: it has been built. */
async function isEmbedded(): Promise<boolean> {
  const client = await mongoose.mongo.MongoClient.connect(servers().mongodb);
  const built = await client.db('admin').command({ buildInfo: 1 });
  await client.close();
  return 'ferretdbVersion' in built && originOf('mongodb', env).from === 'build';
}

describe.runIf(await isEmbedded())('a page of the embedded store', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'signalbox-reads-'));
  let stack: RunningStack;
  let connection: Connection;

  beforeAll(async () => {
    stack = await startStack({ stateDir, ports: 'free', env, only: ['mongodb'] });
    connection = await connectStore(stack.environment()['MONGODB_URI']!);
    await ensureIndexes(connection);
    const rare: Record<number, RunStatus> = { 7: 'running', 2007: 'claimed', 3007: 'failed' };
    const made = Array.from({ length: size }, (_, index) =>
      runRecord({
        run_id: `r:${index}`,
        rule_id: `rule-${index % 5}`,
        brand: ['alpha', 'beta', null][index % 3]!,
        customer_id: `c-${index % 500}`,
        event_id: `event-${index}`,
        status: rare[index] ?? 'completed',
        claimed_at: new Date(Date.UTC(2026, 0, 1) + Math.floor(index / 3) * 1000).toISOString(),
      }),
    );
    for (let at = 0; at < size; at += 500) await createRunLedger(connection).claim(made.slice(at, at + 500));
    await addSlowRuns();
    // As autovacuum does within a minute.
    await ask('ANALYZE');
  });
  afterAll(async () => {
    await connection?.close(true);
    await stack?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  const ask = (query: string) =>
    askPostgres(join(stateDir, 'postgres', 'socket', '.s.PGSQL.5432'), postgresRole, query);

  /**
   * Runs of a rule, runs of a trigger, and before all of them a few of both. Names of 200 kB, which PostgreSQL decompresses
   * to look at anything else, make a walk past the runs of the rule last for some tenths of a second.
   */
  async function addSlowRuns(): Promise<void> {
    const [[table] = []] = await ask(`SELECT relid::regclass FROM pg_stat_user_tables WHERE relname LIKE 'runs\\_%'`);
    const add = (name: string, count: number, month: number, fields: string) =>
      ask(`INSERT INTO ${table} SELECT _jsonb || jsonb_build_object('_id', '${name}:' || n, 'brand',
          CASE n % 2 WHEN 0 THEN 'alpha' ELSE 'beta' END, 'claimed_at', '2025-0${month}-01T00:' || lpad((n / 60)::text, 2, '0')
          || ':' || lpad((n % 60 / 2)::text, 2, '0') || '.000Z', ${fields})
        FROM ${table}, generate_series(1, ${count}) n WHERE _jsonb->>'_id' = 'r:0'`);
    await add('rule', slow, 6, `'rule_id', 'slow', 'rule_name', repeat('x', 200000)`);
    await add('trigger', triggered, 6, `'trigger_event', 'rare'`);
    await add('both', rare, 1, `'rule_id', 'slow', 'trigger_event', 'rare'`);
  }

  const isThere = (): Promise<boolean> =>
    pingStore(connection, AbortSignal.timeout(5000)).then(
      () => true,
      () => false,
    );

  /** Rows of `runs` read so far. PostgreSQL's processes report what they did now and then, and when they end. */
  async function rowsRead(): Promise<number> {
    await ask(`SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`);
    // FerretDB finds out about each connection it lost by using it.
    await expect
      .poll(() => Promise.all(Array.from({ length: 32 }, isThere)).then((all) => all.every(Boolean)))
      .toBe(true);
    const tables = await ask(`SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables
      WHERE relname LIKE 'runs\\_%'`);
    expect(tables).toHaveLength(1);
    return Number(tables[0]![0]);
  }

  it('takes its own rows, and few others', async () => {
    const records = createRunRecords(connection);
    const middle = new Date(Date.UTC(2026, 0, 1) + (size / 6) * 1000).toISOString();
    const filters: RunFilter[] = [
      {},
      { to: middle },
      { brand: 'alpha' },
      { brand: ['beta', null] },
      { brand: null, to: middle },
      { status: 'running' },
      { ruleId: 'rule-3', from: middle },
      { customerId: 'c-77' },
      { eventId: 'event-77' },
      { status: 'held' },
    ];
    const before = await rowsRead();
    let taken = 0;
    for (const filter of filters) {
      const { items, nextCursor } = await records.list(filter, { limit });
      const next = nextCursor === null ? [] : (await records.list(filter, { limit, cursor: nextCursor })).items;
      taken += items.length + next.length;
    }
    expect(taken).toBeGreaterThan(10 * limit);
    // Each row is read where it is chosen, for every alternative of the filter, and where FerretDB takes it.
    expect((await rowsRead()) - before).toBeLessThan(8 * taken);
    expect(8 * taken).toBeLessThan(size);
  });

  it('is found by the indexes of two conditions where walking along either is slow, and pages have no gap', async () => {
    const records = createRunRecords(connection);
    const filter: RunFilter = { ruleId: 'slow', trigger: 'rare', brand: ['alpha', 'beta'], status: 'completed' };
    const first = await records.list(filter, { limit });
    const seen = first.items.map(({ run_id }) => run_id);
    for (let cursor = first.nextCursor; cursor !== null;) {
      const page: Page<RunRecord> = await records.list(filter, { limit, cursor });
      seen.push(...page.items.map(({ run_id }) => run_id));
      cursor = page.nextCursor;
    }
    const second = (n: number): number => Math.floor(n / 60) * 60 + Math.floor((n % 60) / 2);
    const order = (a: number, b: number): number =>
      second(b) - second(a) || Buffer.compare(Buffer.from(`${b}`), Buffer.from(`${a}`));
    const all = Array.from({ length: rare }, (_, index) => index + 1).sort(order);
    expect(seen).toEqual(all.map((n) => `both:${n}`));
    // Walks, one for each brand, pass all slow runs of the rule before they meet one of both. On a busy machine one may
    // have come far before it is ended.
    const read = async (): Promise<number> => {
      const before = await rowsRead();
      await records.list(filter, { limit });
      return (await rowsRead()) - before;
    };
    await expect.poll(read).toBeLessThan(2 * slow);
    expect(await records.list({ ...filter, brand: [null, 'gamma'] })).toEqual({ items: [], nextCursor: null });
  });
});
