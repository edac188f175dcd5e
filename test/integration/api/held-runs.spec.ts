/** Held runs decided about over HTTP. */
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { startTestApi, type TestApi, type TokenOptions } from '../../support/api.ts';
import { holdRuns } from '../../support/held-runs.ts';
import { servers, uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

const taskQueue = uniqueName('api');
let store: TestStore;
let api: TestApi;
let connection: Connection;

beforeAll(async () => {
  store = await openTestStore();
  connection = await Connection.connect({ address: servers().temporal });
  api = await startTestApi({ MONGODB_URI: store.uri, TEMPORAL_TASK_QUEUE: taskQueue });
});
afterAll(async () => {
  await api?.close();
  await connection?.close();
  await store?.drop();
});

const post = (path: string, options: TokenOptions = {}, by = api) =>
  by.as('SESSION_ADMIN', `/api/workflow/${path}`, { method: 'POST' }, { sub: 'alice', ...options });
const record = async (id: string) => (await createRunRecords(store.connection).get(id))!;
const isStarted = async (id: string) => {
  const described = await new Client({ connection }).workflow
    .getHandle(id)
    .describe()
    .catch(() => null);
  return described?.taskQueue === taskQueue;
};

it('shows them, and releases one of them, once, in the name of the session', async () => {
  const rule = uniqueName('rule');
  const [first = '', second = ''] = await holdRuns(store.connection, rule, 2);
  const { body } = await api.as('SESSION_DEALER', `/api/workflow/runs?status=held&rule_id=${rule}`);
  expect(body.data).toMatchObject({ runs: [{ guard: { note: 'over the limit' } }, { status: 'held' }] });

  const path = `runs/${encodeURIComponent(first)}/release`;
  expect(await post(path)).toMatchObject({ status: 200, body: { data: { outcome: 'released' } } });
  expect(await post(path, { sub: 'bob' })).toMatchObject({
    status: 200,
    body: { data: { outcome: 'already_released' } },
  });
  expect(await isStarted(first)).toBe(true);
  expect(await record(first)).toMatchObject({ status: 'claimed', guard: { resolved_by: 'alice' } });
  expect(await post(`runs/${encodeURIComponent(first)}/discard`)).toMatchObject({
    status: 409,
    body: { error: { code: 'run_not_held' } },
  });
  expect(await record(second)).toMatchObject({ status: 'held' });
});

it('discards one: it never starts', async () => {
  const [id = ''] = await holdRuns(store.connection, uniqueName('rule'), 1);
  expect(await post(`runs/${encodeURIComponent(id)}/discard`)).toMatchObject({
    body: { data: { outcome: 'discarded' } },
  });
  expect(await post(`runs/${encodeURIComponent(id)}/release`)).toMatchObject({ status: 409 });
  expect(await isStarted(id)).toBe(false);
  expect(await record(id)).toMatchObject({ status: 'skipped', reason: 'discarded' });
});

it('decides about all of a rule, as far as they are of the brands of the session', async () => {
  const rule = uniqueName('rule');
  const oak = await holdRuns(store.connection, rule, 3, 'oak');
  const elm = await holdRuns(store.connection, rule, 2, 'elm');
  expect(await post(`rules/${rule}/held/release`, { brands: ['oak'] })).toMatchObject({
    status: 200,
    body: { data: { released: 3, refused: 0 } },
  });
  for (const id of oak) expect(await isStarted(id)).toBe(true);
  for (const id of elm) expect(await record(id)).toMatchObject({ status: 'held' });
  expect(await post(`rules/${rule}/held/discard`, { brands: ['ash'] })).toMatchObject({ status: 404 });
  expect(await post(`rules/${rule}/held/discard`, { brands: ['elm'] })).toMatchObject({
    body: { data: { discarded: 2 } },
  });
});

it('says so while Temporal is away, and the run stays held', async () => {
  const [id = ''] = await holdRuns(store.connection, uniqueName('rule'), 1);
  const lonely = await startTestApi({ MONGODB_URI: store.uri, TEMPORAL_ADDRESS: '127.0.0.1:1' });
  try {
    const answer = await post(`runs/${encodeURIComponent(id)}/release`, {}, lonely);
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'temporal_unavailable' } } });
    expect(answer.body.error?.message).toContain('release it again');
    expect(await record(id)).toMatchObject({ status: 'held' });
  } finally {
    await lonely.close();
  }
});
