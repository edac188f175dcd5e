/** Who gets in where: every endpoint of the API below every kind of session. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { managerRoles } from '#libs/contracts/session.schema.ts';
import { connectStore } from '#libs/store/connect.ts';
import { createRuleRepository } from '#libs/store/rule.repository.ts';
import { createRunLedger } from '#libs/store/run-ledger.repository.ts';
import { badTokens, startTestApi, type TestApi } from '../support/api.ts';
import { ruleDefinition } from '../support/rules.ts';
import { runRecord } from '../support/runs.ts';
import { databaseUri, uniqueName } from '../support/servers.ts';

interface Endpoint {
  /** As Nest knows it. */
  route: string;
  /** One that a session for all brands finds something at. */
  path: string;
  body?: unknown;
}

const reads: Endpoint[] = [
  { route: 'GET /api/workflow/rules', path: '/api/workflow/rules' },
  { route: 'GET /api/workflow/rules/:id', path: '/api/workflow/rules/oak-rule' },
  { route: 'GET /api/workflow/runs', path: '/api/workflow/runs' },
  { route: 'GET /api/workflow/runs/:id', path: '/api/workflow/runs/oak-rule:e-1' },
];
const endpoints = [...reads];

const strangers = ['SESSION_CUSTOMER', 'session_admin', 'SESSION_ADMIN '];
const methodOf = ({ route }: Endpoint) => route.split(' ')[0]!;
const requestOf = (endpoint: Endpoint) => ({ method: methodOf(endpoint), body: endpoint.body });

let api: TestApi;

beforeAll(async () => {
  const uri = databaseUri(uniqueName('access'));
  const store = await connectStore(uri);
  await createRuleRepository(store).apply([{ id: 'oak-rule', definition: ruleDefinition({ brand: 'oak' }) }], 'test');
  await createRunLedger(store).claim([runRecord({ run_id: 'oak-rule:e-1', rule_id: 'oak-rule', brand: 'oak' })]);
  await store.close();
  api = await startTestApi({ MONGODB_URI: uri });
});

afterAll(() => api?.close());

it('every endpoint below /api is looked at here', () => {
  expect(endpoints.map(({ route }) => route).sort()).toEqual(api.routes);
});

describe.each(endpoints)('$route', (endpoint) => {
  it('R-111 refuses a request without a session', async () => {
    const { status, headers, body } = await api.ask(endpoint.path, requestOf(endpoint));
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(body).toEqual({ success: false, error: { code: 'no_session', message: expect.any(String) } });
  });

  it.each(badTokens)('R-111 refuses a token %s', async (_, make) => {
    const authorization = `Bearer ${await make()}`;
    expect(await api.ask(endpoint.path, { ...requestOf(endpoint), authorization })).toMatchObject({
      status: 401,
      body: { success: false, error: { code: 'no_session' } },
    });
  });

  it.each(strangers)('R-111 refuses the session role "%s"', async (role) => {
    expect(await api.as(role, endpoint.path, requestOf(endpoint))).toMatchObject({
      status: 403,
      body: { success: false, error: { code: 'access_denied' } },
    });
  });
});

describe.each(reads)('$route', ({ path }) => {
  it.each(managerRoles)('R-108 is open to %s', async (role) => {
    expect(await api.as(role, path)).toMatchObject({ status: 200, body: { success: true } });
  });
});

describe.each(endpoints.filter(({ route }) => route.includes(':')))('$route', (endpoint) => {
  it('shows nothing of another brand, and not that it exists', async () => {
    const elsewhere = await api.as('SESSION_ADMIN', endpoint.path, requestOf(endpoint), { brands: ['elm'] });
    const nowhere = await api.as('SESSION_ADMIN', `${endpoint.path}-none`, requestOf(endpoint), { brands: ['elm'] });
    expect(elsewhere.status).toBe(404);
    expect(elsewhere.body).toEqual(nowhere.body);
  });
});
