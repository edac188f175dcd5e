import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { signalbox, type CliResult } from '../../support/cli.ts';
import { holdRuns } from '../../support/held-runs.ts';
import { servers, uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
let connection: Connection;
const temporal = { TEMPORAL_ADDRESS: servers().temporal, TEMPORAL_TASK_QUEUE: uniqueName('cli') };

beforeAll(async () => {
  store = await openTestStore();
  connection = await Connection.connect({ address: servers().temporal });
});
afterAll(async () => {
  await connection.close();
  await store.drop();
});

const run = (...args: string[]): Promise<CliResult> => signalbox(store.uri, args, '', temporal);

const held = (rule: string, count: number): Promise<string[]> => holdRuns(store.connection, rule, count);

async function shown(id: string): Promise<RunRecord> {
  return JSON.parse((await run('runs', 'show', id, '--json')).stdout) as RunRecord;
}

async function isStarted(id: string): Promise<boolean> {
  const described = await new Client({ connection }).workflow
    .getHandle(id)
    .describe()
    .catch(() => null);
  return described?.taskQueue === temporal.TEMPORAL_TASK_QUEUE;
}

describe('signalbox runs', () => {
  it('lists held runs and releases one of them, once', async () => {
    const rule = uniqueName('rule');
    const [first = '', second = ''] = await held(rule, 2);
    const list = JSON.parse((await run('runs', 'held', '--rule', rule, '--json')).stdout) as { runs: RunRecord[] };
    expect(list.runs.map(({ run_id }) => run_id).sort()).toEqual([first, second]);
    expect((await run('runs', 'held', '--rule', rule)).stdout).toContain('over the limit');
    const released = await run('runs', 'release', first, '--by', 'alice');
    expect(released).toEqual({ code: 0, stdout: `released: ${first}\n`, stderr: '' });
    expect(await shown(first)).toMatchObject({
      status: 'running',
      reason: 'released',
      guard: { resolved_by: 'alice' },
    });
    expect([await isStarted(first), await isStarted(second)]).toEqual([true, false]);
    expect((await run('runs', 'release', first)).stdout).toBe(`already released: ${first}\n`);
    expect(await run('runs', 'discard', first)).toMatchObject({
      code: 1,
      stderr: `signalbox: Run "${first}" is not held: it is released by alice.\n`,
    });
  });

  it('discards one or all of a rule: they are skipped, by whom, and never start', async () => {
    const rule = uniqueName('rule');
    const [first = '', second = '', third = ''] = await held(rule, 3);
    expect((await run('runs', 'discard', first, '--by', 'bob')).stdout).toBe(`discarded: ${first}\n`);
    expect((await run('runs', 'discard', first)).stdout).toBe(`already discarded: ${first}\n`);
    expect((await run('runs', 'discard', '--rule', rule, '--by', 'bob')).stdout).toBe('discarded 2\n');
    const skipped = { status: 'skipped', reason: 'discarded', guard: { resolved_by: 'bob' } };
    for (const id of [first, second, third]) expect(await shown(id)).toMatchObject(skipped);
    expect((await run('runs', 'show', first)).stdout).toMatch(/resolved: +\S+ by bob/);
    expect((await run('runs', 'release', second)).code).toBe(1);
    expect(await isStarted(second)).toBe(false);
  });

  it('releases all of a rule and nothing else', async () => {
    const [rule, other] = [uniqueName('rule'), uniqueName('rule')];
    const [mine, others] = [await held(rule, 5), await held(other, 1)];
    expect((await run('runs', 'release', '--rule', rule)).stdout).toBe('released 5\n');
    expect((await run('runs', 'release', '--rule', rule)).stdout).toBe('released 0\n');
    expect(await Promise.all(mine.map(isStarted))).toEqual(mine.map(() => true));
    expect(await shown(others[0]!)).toMatchObject({ status: 'held', reason: 'limit' });
  });

  it('says what is wrong, and leaves a run held while Temporal is away', async () => {
    expect((await run('runs', 'release')).code).toBe(64);
    expect((await run('runs', 'release', 'none')).stderr).toBe('signalbox: There is no run "none".\n');
    const [id = ''] = await held(uniqueName('rule'), 1);
    const nowhere = { ...temporal, TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const away = await signalbox(store.uri, ['runs', 'release', id, '--by', 'alice'], '', nowhere);
    expect(away).toMatchObject({ code: 3, stdout: '' });
    expect(away.stderr).toContain('stays held: release it again');
    expect((await run('runs', 'held')).stdout).toContain('release begun by alice');
    expect((await run('runs', 'discard', id)).code).toBe(1);
    expect((await run('runs', 'release', id)).stdout).toBe(`released: ${id}\n`);
    expect(await isStarted(id)).toBe(true);
  });
});
