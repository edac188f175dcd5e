/** The description of the API, and the page that shows it: true to the API, and without the internet. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { controllers } from '../../../apps/api/controllers.ts';
import { openApiDocument } from '../../../apps/api/openapi/document.ts';
import { startTestApi, type TestApi } from '../../support/api.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { runRecord } from '../../support/runs.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

interface Described {
  operationId: string;
  parameters: { name: string; in: string }[];
  requestBody?: { content: { 'application/json': { example: object } } };
  responses: Record<string, { content: { 'application/json': { example?: Body; examples?: object } } }>;
}
interface Body {
  data: Record<string, unknown>;
}

const document = openApiDocument(controllers) as {
  openapi: string;
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, object> };
};
const all = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({ path, method: method.toUpperCase(), described })),
);

let store: TestStore;
let api: TestApi;
beforeAll(async () => {
  store = await openTestStore();
  api = await startTestApi({ MONGODB_URI: store.uri });
});
afterAll(async () => {
  await api?.close();
  await store?.drop();
});

describe('the description', () => {
  it('R-007 is committed as the code gives it, and served', async () => {
    const committed: unknown = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'));
    expect(committed).toEqual(JSON.parse(JSON.stringify(document)));
    expect(await (await fetch(`${api.url}/openapi.json`)).json()).toEqual(committed);
    expect(document.openapi).toBe('3.1.0');
  });

  it('R-007 has every operation of the API, under a name of its own', () => {
    const routes = all.map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    expect(routes.sort()).toEqual(api.routes);
    const names = all.map(({ described }) => described.operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        'MngAddWorkflowRule',
        'MngUpdateWorkflowRule',
        'MngArchiveWorkflowRule',
        'MngDeleteWorkflowRule',
        'MngGetWorkflowRule',
        'MngGetWorkflowRules',
        'MngValidateWorkflowRule',
        'MngGetWorkflowRegistry',
        'MngGetWorkflowRunLog',
      ]),
    );
  });

  it('refers to nothing that is not there, and has an example for every answer', () => {
    const text = JSON.stringify(document);
    const missing = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)]
      .map(([, name]) => name!)
      .filter((name) => document.components.schemas[name] === undefined);
    expect(missing).toEqual([]);
    for (const { described, path } of all) {
      for (const [status, { content }] of Object.entries(described.responses)) {
        const { example, examples } = content['application/json'];
        expect(example ?? Object.keys(examples ?? {}), `${path} ${status}`).not.toEqual([]);
      }
    }
  });

  it('shows answers as they are', async () => {
    await createRuleRepository(store.connection).apply([{ id: 'r', definition: ruleDefinition() }], 'test');
    await createRunLedger(store.connection).claim([runRecord({ run_id: 'r:e', rule_id: 'r' })]);
    const keys = (value: unknown): string[] => Object.keys(value as object).sort();
    const same = async (path: string, member: string) => {
      const described =
        document.paths[path.replace(/\/r(:e)?(?=\/|$)/, '/{id}').replace(/\/1$/, '/{version}')]!['get']!;
      const shown = described.responses['200']!.content['application/json'].example!.data;
      const { data } = (await api.as('SESSION_ADMIN', path)).body;
      expect(keys(data)).toEqual(keys(shown));
      const [real, example] = [data![member], shown[member]].map(
        (one) => (Array.isArray(one) ? one[0] : one) as object,
      );
      expect(keys(example)).toEqual(expect.arrayContaining(keys(real)));
    };
    await same('/api/workflow/rules', 'rules');
    await same('/api/workflow/rules/r', 'rule');
    await same('/api/workflow/rules/r/versions', 'versions');
    await same('/api/workflow/rules/r/versions/1', 'rule');
    await same('/api/workflow/runs', 'runs');
    await same('/api/workflow/runs/r:e', 'run');
    await same('/api/workflow/registry', 'actions');
  });

  it('gives bodies that are read', async () => {
    for (const { path, method, described } of all) {
      const body = described.requestBody?.content['application/json'].example;
      const address = path.replace(/\{\w+\}/g, 'none');
      const { status, body: answer } = await api.as('SESSION_ADMIN', address, { method, body });
      expect(answer.error?.code, `${method} ${path}`).not.toBe('invalid_body');
      // What is not there is not found; whatever else happens is described.
      expect(Object.keys(described.responses), `${method} ${path}`).toContain(String(status));
    }
  });
});

describe('the page', () => {
  it('loads nothing from elsewhere', async () => {
    const answer = await fetch(`${api.url}/docs`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await answer.text();
    expect(page).not.toMatch(/https?:/);
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!);
    expect(files).toHaveLength(4);
    for (const file of files) expect((await fetch(`${api.url}/${file}`)).status, file).toBe(200);
  });

  it('gives no other file of the package', async () => {
    for (const file of ['package.json', '..%2Fpackage.json', 'index.html']) {
      expect((await fetch(`${api.url}/docs/${file}`)).status).toBe(404);
    }
  });
});
