/** The data of requests, and their files, as a real API gives them out. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readlink, rm, truncate } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileReference, RunData } from '#libs/domain/context/run-data.ts';
import type { DataItem } from '#libs/domain/rules/process.ts';
import { createFolderStore } from '#libs/files/folder.store.ts';
import { newFileKey } from '#libs/files/file-key.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createRetryStore } from '#libs/store/runs/retry.repository.ts';
import { createRunData } from '#libs/store/runs/run-data.repository.ts';
import { sessionToken, startTestApi, type TestApi, type TokenOptions } from '../../support/api.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { runInput, runRecord } from '../../support/runs.ts';
import { databaseUri, uniqueName } from '../../support/servers.ts';

const content = randomBytes(3_000_000);
const key = newFileKey();
const reference: FileReference = {
  file_id: key,
  name: 'Vertrag "neu" ✓.html',
  content_type: 'text/html; charset=utf-8',
  size: content.length,
  description: 'Signed',
  updated_at: '2026-11-20T10:00:00.000Z',
};
const data: DataItem[] = [
  { name: 'COMPANY', type: 'TEXT', required: true },
  { name: 'AMOUNT', type: 'NUMERIC' },
  { name: 'DUE', type: 'DATETIME' },
  { name: 'CONTRACT', type: 'FILE' },
  { name: 'OTHER', type: 'FILE' },
  { name: 'LOST', type: 'FILE' },
  { name: 'constructor', type: 'TEXT' },
];

let folder: string;
let api: TestApi;
let store: Awaited<ReturnType<typeof connectStore>>;

/** The record of a request of the rule, with what it was created with. */
async function storeRequest(id: string, given: RunData, more: { retryOf?: string } = {}): Promise<void> {
  const origin = { process: 'ORDER', version: 1, isTest: false, folder: null };
  const { isTest: is_test, ...said } = origin;
  const record = runRecord({ run_id: id, rule_id: 'oak-rule', brand: 'oak', request: { ...said, is_test, by: 'ann' } });
  const input = runInput({ executionId: id, request: origin, context: { brand: 'oak', event: {}, data: given } });
  const retry = { of: more.retryOf ?? '', number: 1, from: 0, outcomes: [], triggeredBy: 'ann' };
  await createRetryStore(store).claim(record, more.retryOf === undefined ? input : { ...input, retry });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-run-data-'));
  const uri = databaseUri(uniqueName('run-data'));
  store = await connectStore(uri);
  const process = { name: 'ORDER', version: 1, state: 'active', public: true, data } as const;
  const definition = ruleDefinition({ brand: 'oak', trigger_event: 'request.created', process });
  await createRuleRepository(store).apply([{ id: 'oak-rule', definition }], 'test');
  await createFolderStore(folder).put(key, content, reference.content_type);
  await storeRequest('oak-run', {
    COMPANY: 'Example Ltd',
    AMOUNT: 5,
    CONTRACT: reference,
    LOST: { ...reference, file_id: newFileKey() },
  });
  await createRunData(store).save('oak-run', { AMOUNT: 300, DUE: '2026-11-21T09:30:00.000Z', COMPANY: null }, 'once');
  await storeRequest('oak-retry', { COMPANY: 'Example Ltd', CONTRACT: reference }, { retryOf: 'oak-run' });
  await createRetryStore(store).claim(
    runRecord({ run_id: 'event-run', brand: 'oak' }),
    runInput({ executionId: 'event-run' }),
  );
  api = await startTestApi({ MONGODB_URI: uri, FILES_FOLDER: folder });
});
afterAll(async () => {
  await api?.close();
  await store?.close();
  await rm(folder, { recursive: true });
});

const path = (run: string, rest = '') => `/api/workflow/runs/${run}/data${rest}`;

async function download(run: string, name: string, options: TokenOptions = {}): Promise<Response> {
  const authorization = `Bearer ${await sessionToken('SESSION_DEALER', options)}`;
  return fetch(`${api.url}${path(run, `/${name}/file`)}`, { headers: { authorization } });
}

describe('the data of a request', () => {
  it('is what it was created with and what was changed since, in the order of the process', async () => {
    const { file_id: _key, ...file } = reference;
    const items = [
      { name: 'COMPANY', type: 'TEXT', required: true, value: null },
      { name: 'AMOUNT', type: 'NUMERIC', required: false, value: 300 },
      { name: 'DUE', type: 'DATETIME', required: false, value: '2026-11-21T09:30:00.000Z' },
      { name: 'CONTRACT', type: 'FILE', required: false, value: file },
      { name: 'OTHER', type: 'FILE', required: false, value: null },
    ];
    const { status, body } = await api.as('SESSION_ADMIN', path('oak-run'));
    expect(status).toBe(200);
    expect(body.data).toEqual({
      data_items: [
        ...items,
        { name: 'LOST', type: 'FILE', required: false, value: file },
        { name: 'constructor', type: 'TEXT', required: false, value: null },
      ],
    });
    expect(JSON.stringify(body)).not.toContain(key);
    const { body: retried } = await api.as('SESSION_ADMIN', path('oak-retry'));
    expect((retried.data as { data_items: unknown[] }).data_items.slice(0, 5)).toEqual(items);
  });

  it('is none for a run that is no request', async () => {
    expect((await api.as('SESSION_ADMIN', path('event-run'))).body.data).toEqual({ data_items: [] });
  });

  it('is there for those alone who may see the run', async () => {
    for (const [run, options] of [
      ['oak-run', { brands: ['elm'] }],
      ['none', {}],
    ] as const) {
      const expected = { status: 404, body: { error: { code: 'run_not_found' } } };
      expect(await api.as('SESSION_ADMIN', path(run), {}, options)).toMatchObject(expected);
      expect(await api.as('SESSION_ADMIN', path(run, '/CONTRACT/file'), {}, options)).toMatchObject(expected);
    }
    expect((await api.as('SESSION_ADMIN', path('oak-run'), {}, { brands: ['oak'] })).status).toBe(200);
    expect((await download('oak-run', 'CONTRACT', { brands: ['oak'] })).status).toBe(200);
  });
});

describe('a file of a request', () => {
  it('R-236 is downloaded as it was sent, and no browser runs anything of it', async () => {
    for (const run of ['oak-run', 'oak-retry']) {
      const response = await download(run, 'CONTRACT');
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'content-length': String(content.length),
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
        'cache-control': 'no-store',
        'content-disposition':
          'attachment; filename="Vertrag \\"neu\\" ?.html"; filename*=UTF-8\'\'Vertrag%20%22neu%22%20%E2%9C%93.html',
      });
      expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
    }
  });

  it.each(['OTHER', 'LOST', 'AMOUNT', 'COMPANY', 'UNKNOWN', 'constructor', '__proto__', '%2e%2e%2f', '%00'])(
    'is none under %s',
    async (name) => {
      const response = await download('oak-run', name);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { code: 'file_not_found' } });
    },
  );

  it('is none of a run that is no request', async () => {
    expect((await download('event-run', 'CONTRACT')).status).toBe(404);
  });

  it('does not look whole when it is not', async () => {
    const own = newFileKey();
    await createFolderStore(folder).put(own, content, 'text/plain');
    await storeRequest('oak-broken', { CONTRACT: { ...reference, file_id: own } });
    const authorization = `Bearer ${await sessionToken('SESSION_DEALER')}`;
    const outcome = new Promise<string>((resolve) => {
      const asked = request(`${api.url}${path('oak-broken', '/CONTRACT/file')}`, { headers: { authorization } });
      asked.on('response', (response) => {
        // It was as long as it should be when its headers were made.
        void truncate(join(folder, own), 2_000_000).then(() => response.resume());
        response.on('error', () => resolve('broken'));
        response.on('end', () => resolve('whole'));
      });
      asked.end();
    });
    expect(await outcome).toBe('broken');
  });

  it('may be given up by who downloads it', async () => {
    const authorization = `Bearer ${await sessionToken('SESSION_DEALER')}`;
    for (let time = 0; time < 20; time += 1) {
      await new Promise<void>((resolve) => {
        const asked = request(`${api.url}${path('oak-run', '/CONTRACT/file')}`, { headers: { authorization } });
        asked.on('response', (response) => response.once('data', () => asked.destroy()));
        asked.on('close', resolve);
        asked.on('error', () => undefined);
        asked.end();
      });
    }
    const open = async () => {
      const names = await readdir('/proc/self/fd').catch(() => []);
      const targets = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
      return targets.filter((target) => target.startsWith(folder)).length;
    };
    await expect.poll(open).toBe(0);
    expect((await download('oak-run', 'CONTRACT')).status).toBe(200);
  });
});
