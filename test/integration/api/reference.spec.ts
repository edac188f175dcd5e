/** The descriptions of the API and of the topics, and the pages that show them: true, and without the internet. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { describeApi } from '../../../apps/api/openapi/describe-api.ts';
import { startTestApi, type TestApi } from '../../support/api.ts';
import { description, operations, shapeIssue } from '../../support/described-answers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

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

/** Every object in a schema, with the place where it stands. */
function* objectsIn(schema: unknown, place = ''): Generator<[place: string, object: object]> {
  if (typeof schema !== 'object' || schema === null) return;
  if ('properties' in schema && 'type' in schema) yield [place, schema];
  for (const [name, member] of Object.entries(schema)) yield* objectsIn(member, `${place}/${name}`);
}

describe('the description', () => {
  it('R-007 is committed as the code gives it, and served', async () => {
    expect(description).toEqual(JSON.parse(JSON.stringify(await describeApi())));
    expect(await (await fetch(`${api.url}/openapi.json`)).json()).toEqual(description);
    expect(description.openapi).toBe('3.1.0');
  });

  it('R-007 has every operation of the API, under a name of its own', () => {
    const routes = operations.map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    const [ofManagers, others] = [true, false].map((isBelow) =>
      routes.filter((route) => route.includes(' /api/') === isBelow).sort(),
    );
    expect(ofManagers).toEqual(api.routes);
    expect(others).toEqual(['POST /webhooks/:workflow', 'POST /webhooks/:workflow/handshake']);
    const names = operations.map(({ described }) => described.operationId);
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

  it('refers to nothing that is not there, and names every parameter of a path', () => {
    const missing = [...JSON.stringify(description).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)]
      .map(([, name]) => name!)
      .filter((name) => description.components.schemas[name] === undefined);
    expect(missing).toEqual([]);
    for (const { path, described } of operations) {
      const named = described.parameters.filter((one) => one.in === 'path').map(({ name }) => `{${name}}`);
      expect(named, path).toEqual(path.match(/\{\w+\}/g) ?? []);
    }
  });

  it('says of every member of an answer whether it is always there, and leaves no answer open', () => {
    for (const { path, described } of operations) {
      for (const [status, { content }] of Object.entries(described.responses)) {
        const json = content['application/json'];
        // A stream is described by what each of its events holds.
        if (json === undefined) continue;
        const { schema } = json;
        expect(schema, `${path} ${status}`).not.toEqual({});
        for (const [place, object] of objectsIn(schema))
          expect(object, `${path} ${status} ${place}`).toHaveProperty('required');
      }
    }
    for (const name of ['Rule', 'Run', 'Approval', 'Backtest', 'ApiKey', 'AuditEntry', 'RuleVersion', 'Problem']) {
      const objects = [...objectsIn(description.components.schemas[name])];
      expect(objects.length, name).toBeGreaterThan(0);
      for (const [place, object] of objects) expect(object, `${name} ${place}`).toHaveProperty('required');
    }
  });

  it('would notice an answer that lacks a member, has another type or one too many', () => {
    const schema = { $ref: '#/components/schemas/Problem' };
    const right = { path: 'name', code: 'required', message: 'is missing' };
    expect(shapeIssue(right, schema)).toBeNull();
    expect(shapeIssue({ path: 'name', code: 'required' }, schema)).toContain('message');
    expect(shapeIssue({ ...right, code: 7 }, schema)).toContain('code');
    expect(shapeIssue({ ...right, place: 'name' }, schema)).toContain('additional');
  });

  it('gives bodies that are read', async () => {
    for (const { path, method, described } of operations) {
      const body = described.requestBody?.content['application/json'].schema.example;
      const address = path.replace(/\{\w+\}/g, 'none');
      const { status, body: answer } = await api.as('SESSION_ADMIN', address, { method, body });
      expect(answer.error?.code, `${method} ${path}`).not.toBe('invalid_body');
      // What is not there is not found; whatever else happens is described.
      expect(Object.keys(described.responses), `${method} ${path}`).toContain(String(status));
    }
  });

  it('says which bodies may be left out', async () => {
    // Others are answered before a body is looked at.
    const withBody = operations.filter(({ path, described }) => path.startsWith('/api/') && described.requestBody);
    const refused = await Promise.all(
      withBody.map(async ({ path, method }) => {
        const { body } = await api.as('SESSION_ADMIN', path.replace(/\{\w+\}/g, 'none'), { method });
        return [path, body.error?.code === 'invalid_body'];
      }),
    );
    expect(refused).toEqual(withBody.map(({ path, described }) => [path, described.requestBody?.required]));
  });
});

describe('the page', () => {
  it('loads nothing from elsewhere', async () => {
    const answer = await fetch(`${api.url}/docs`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await answer.text();
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      expect(file).not.toMatch(/^(?:\w+:)?\/\//);
      expect((await fetch(new URL(file, `${api.url}/docs`))).status, file).toBe(200);
    }
  });

  it('gives no file from outside its own folder', async () => {
    expect((await fetch(`${api.url}/docs/..%2Fpackage.json`)).status).toBe(404);
  });
});

describe('the description of the topics', () => {
  it('is served as it is committed', async () => {
    const answer = await fetch(`${api.url}/asyncapi.json`);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    const committed = readFileSync(new URL('../../../docs/asyncapi.json', import.meta.url), 'utf8');
    expect(await answer.json()).toEqual(JSON.parse(committed));
  });

  it('has a page that loads nothing, runs nothing, and links only to what is there', async () => {
    const answer = await fetch(`${api.url}/docs/events`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
    const page = await answer.text();
    expect(page).not.toMatch(/<script|<link|<img|\ssrc=|\son\w+=|url\(/i);
    for (const topic of Object.values(topics)) expect(page).toContain(`id="topic-${topic}"`);
    const ids = new Set([...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!));
    const targets = new Set([...page.matchAll(/\shref="([^"]+)"/g)].map(([, target]) => target!));
    expect([...targets].filter((one) => one.startsWith('#') && !ids.has(one.slice(1)))).toEqual([]);
    for (const path of [...targets].filter((one) => one.startsWith('/'))) {
      expect((await fetch(`${api.url}${path}`)).status, path).toBe(200);
    }
    expect([...targets].filter((one) => !/^[#/]/.test(one))).toEqual(['https://www.apache.org/licenses/LICENSE-2.0']);
  });
});
