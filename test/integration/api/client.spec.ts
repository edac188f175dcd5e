/** A client as downstream developers make one: generated from `docs/openapi.json`, compiled, and used against the API. */
import openapiTS, { astToString } from 'openapi-typescript';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sessionToken, startTestApi, type TestApi } from '../../support/api.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

const description = new URL('../../../docs/openapi.json', import.meta.url);
/** Inside the project, so that `openapi-fetch` is found from there. */
const parent = fileURLToPath(new URL('../../../dist/', import.meta.url));

let store: TestStore;
let api: TestApi;
let folder: string;
beforeAll(async () => {
  store = await openTestStore();
  api = await startTestApi({ MONGODB_URI: store.uri });
  await mkdir(parent, { recursive: true });
  folder = await mkdtemp(join(parent, 'client-'));
  await writeFile(join(folder, 'api.d.ts'), astToString(await openapiTS(description)));
});
afterAll(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true });
  await api?.close();
  await store?.drop();
});

const use = `
import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

export type Rule = components['schemas']['Rule'];

export async function addAndList(baseUrl: string, token: string): Promise<{ added: Rule; names: string[]; wrong: string }> {
  const client = createClient<paths>({ baseUrl, headers: { authorization: \`Bearer \${token}\` } });
  const { data, error } = await client.POST('/api/workflow/rules', {
    body: {
      rule: {
        name: 'VIP deposit',
        trigger_event: 'customer.deposited',
        conditions: { field: 'event.amount', operator: 'gte', value: 10_000 },
        actions: [{ type: 'notify.manager', params: { title: 'VIP deposit' } }],
        status: 'draft',
      },
    },
  });
  if (error !== undefined) throw new Error(error.error.message);
  const added: Rule = data.data.rule;
  const version: number = added.version;
  const listed = await client.GET('/api/workflow/rules', { params: { query: { status: 'draft' } } });
  const names: string[] = listed.data?.data.rules.map(({ name }) => name) ?? [];
  const { error: refusal } = await client.POST('/api/workflow/rules/{id}/rollback', {
    params: { path: { id: added.id } },
    body: { to: version + 1 },
  });
  return { added, names, wrong: refusal?.error.code ?? '' };
}
`;

/** Each is wrong in one place, which the compiler has to tell. */
const misuses = [
  ["GET('/api/workflow/rule')", "client.GET('/api/workflow/rule')"],
  ['an unknown status', "client.GET('/api/workflow/rules', { params: { query: { status: 'on' } } })"],
  [
    'a body without its members',
    "client.POST('/api/workflow/approvals/{token}', { params: { path: { token: 't' } }, body: {} })",
  ],
  ['a member that no answer has', "client.GET('/api/workflow/runs').then(({ data }) => data!.data.runs[0]!.started)"],
  [
    'a time that may be null',
    "client.GET('/api/workflow/runs').then(({ data }) => data!.data.runs[0]!.finished_at.length)",
  ],
] as const;

function compile(file: string): string[] {
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    types: [],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

it('compiles, and does what it is asked to', async () => {
  const file = join(folder, 'use.ts');
  await writeFile(file, use);
  expect(compile(file)).toEqual([]);
  const module = join(folder, 'use.mjs');
  await writeFile(module, ts.transpileModule(use, { compilerOptions: { module: ts.ModuleKind.ESNext } }).outputText);
  const { addAndList } = (await import(pathToFileURL(module).href)) as {
    addAndList: (url: string, token: string) => Promise<object>;
  };
  expect(await addAndList(api.url, await sessionToken('SESSION_ADMIN'))).toMatchObject({
    added: { name: 'VIP deposit', version: 1, status: 'draft' },
    names: ['VIP deposit'],
    wrong: 'version_not_found',
  });
});

it.each(misuses)('does not compile with %s', async (_, call) => {
  const file = join(folder, `misuse-${misuses.findIndex(([, one]) => one === call)}.ts`);
  const text = `import createClient from 'openapi-fetch';\nimport type { paths } from './api.js';\nconst client = createClient<paths>();\nexport const asked = ${call};\n`;
  await writeFile(file, text);
  expect(compile(file)).not.toEqual([]);
});
