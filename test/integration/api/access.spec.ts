/** Who gets in where: every endpoint of the API below every kind of session. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { managerRoles } from '#libs/contracts/session.schema.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createApiKeys } from '#libs/store/access/api-key.repository.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createDeadLetters } from '#libs/store/events/dead-letter.repository.ts';
import { createEvaluatedEvents } from '#libs/store/runs/evaluated-event.repository.ts';
import { createBulkOperations } from '#libs/store/runs/bulk-operation.repository.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
import { createTaskStore } from '#libs/store/crm/task.repository.ts';
import { createWebhookApplications } from '#libs/store/hooks/webhook-application.repository.ts';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { createWorkflowWebhooks } from '#libs/store/workflow-webhooks/workflow-webhook.repository.ts';
import { badTokens, startTestApi, type TestApi } from '../../support/api.ts';
import { bulkOperation } from '../../support/bulk.ts';
import { approval } from '../../support/approvals.ts';
import { notificationRecord, taskRecord } from '../../support/crm.ts';
import { deadLetter } from '../../support/dead-letters.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { runRecord } from '../../support/runs.ts';
import { subscriptionRecord } from '../../support/subscriptions.ts';
import { webhookApplication } from '../../support/hooks.ts';
import { databaseUri, uniqueName } from '../../support/servers.ts';
import { webhookRecord } from '../../support/workflow-webhooks.ts';
import { connectTemporal, type TestTemporal } from '../../support/temporal.ts';
import { backtestWorkflow } from '#temporal/contract/names.ts';

interface Endpoint {
  /** As Nest knows it. */
  route: string;
  /** The id of something there is, of brand oak. */
  id?: string;
  version?: string;
  /** Without which nothing is listed. */
  query?: string;
  /** Of records of the directory. */
  kind?: string;
  body?: object;
}

const token = 'b'.repeat(64);
const backtest = uniqueName('backtest');
const answer = { decision: 'approve' };
const keyId = '0123456789abcdef';
const subscriptionId = 'subscription-of-oak';
const webhookId = 'webhook-of-oak';
const bulkId = 'bulk-of-oak';
const applicationId = '0123456789abcdef';
const deadLetterId = 'topic.0.1';
const desk = { code: 'vip', name: 'VIP', team_id: 'vip', brand: 'oak' };

/** Open to all five manager sessions. */
const reads: Endpoint[] = [
  { route: 'GET /api/workflow/session' },
  { route: 'GET /api/workflow/registry' },
  { route: 'GET /api/workflow/rules' },
  { route: 'GET /api/workflow/rules/:id', id: 'oak-rule' },
  { route: 'GET /api/workflow/rule-activity' },
  { route: 'GET /api/workflow/rule-warnings', query: '?ids=oak-rule' },
  { route: 'GET /api/workflow/rules/:id/warnings', id: 'oak-rule' },
  { route: 'GET /api/workflow/rules/:id/versions', id: 'oak-rule' },
  { route: 'GET /api/workflow/rules/:id/versions/:version', id: 'oak-rule', version: '1' },
  { route: 'GET /api/workflow/events/:eventId/explanation', id: 'e-1' },
  { route: 'GET /api/workflow/backtests/:id', id: backtest },
  { route: 'GET /api/workflow/directory/:kind', kind: 'desks' },
  { route: 'GET /api/workflow/directory/:kind/:id', kind: 'desks', id: 'vip~oak' },
  { route: 'GET /api/workflow/processes' },
  { route: 'GET /api/workflow/runs' },
  { route: 'GET /api/workflow/runs/count' },
  { route: 'GET /api/workflow/runs/:id', id: 'oak-rule:e-1' },
  { route: 'GET /api/workflow/runs/:id/events', id: 'oak-rule:e-1' },
  { route: 'GET /api/workflow/runs/:id/input', id: 'oak-rule:e-1' },
  { route: 'GET /api/workflow/runs/:id/data', id: 'oak-rule:e-1' },
  { route: 'GET /api/workflow/lifecycle-events' },
  { route: 'GET /api/workflow/events' },
  { route: 'GET /api/workflow/dead-letters' },
  { route: 'GET /api/workflow/dead-letters/reasons' },
  { route: 'GET /api/workflow/dead-letters/:id', id: deadLetterId },
  { route: 'GET /api/workflow/approvals' },
  { route: 'GET /api/workflow/approvals/:token', id: token },
  { route: 'GET /api/workflow/overview' },
  { route: 'GET /api/workflow/customers/:id', id: 'customer-of-oak' },
  { route: 'GET /api/workflow/managers/:id', id: '7' },
  { route: 'GET /api/workflow/tasks' },
  { route: 'GET /api/workflow/notifications', query: '?manager_id=7' },
  { route: 'GET /api/workflow/notes', query: '?customer_id=customer-of-oak' },
  { route: 'GET /api/workflow/assignments', query: '?customer_id=customer-of-oak' },
];
/** For SESSION_ADMIN, and the manager whose it is: these are of nobody who asks here. */
const ownWrites: Endpoint[] = [
  { route: 'POST /api/workflow/tasks/:id/done', id: 'task-of-oak' },
  { route: 'POST /api/workflow/notifications/:id/read', id: 'notification-of-oak' },
];
/** Open to all five: they look at what is in the body, and store nothing. */
const checks: Endpoint[] = [{ route: 'POST /api/workflow/rules/validate', body: { rule: {} } }];
const questions: Endpoint[] = [
  { route: 'POST /api/workflow/what-if', body: { event: { type: 'a.b', brand: 'oak', data: {} } } },
];
/** Open to all five, too: whom of them the run has asked is its own matter. */
const answers: Endpoint[] = [
  { route: 'POST /api/workflow/approvals/:token', id: token, body: answer },
  {
    route: 'POST /api/workflow/executions/:executionId/resume',
    id: 'oak-rule:e-1',
    body: { ...answer, correlationToken: token },
  },
];
/** Open to all five, too. */
const previews: Endpoint[] = [
  {
    route: 'POST /api/workflow/directory/templates/preview',
    body: { template: { code: 'code', channel: 'sms', text: '{{event.id}}' } },
  },
];
/** Open to all five: what they get is no JSON, where there is any. */
const files: Endpoint[] = [{ route: 'GET /api/workflow/runs/:id/data/:name/file', id: 'oak-rule:e-1' }];
/** For SESSION_ADMIN alone. */
const adminReads: Endpoint[] = [
  { route: 'GET /api/workflow/runs/:id/deliveries', id: 'oak-rule:e-1' },
  { route: 'GET /api/workflow/bulk-operations' },
  { route: 'GET /api/workflow/bulk-operations/:id', id: bulkId },
  { route: 'GET /api/workflow/bulk-operations/:id/outcomes', id: bulkId },
  { route: 'GET /api/workflow/api-keys' },
  { route: 'GET /api/workflow/audit' },
  { route: 'GET /api/workflow/subscriptions' },
  { route: 'GET /api/workflow/subscriptions/:id', id: subscriptionId },
  { route: 'GET /api/workflow/subscriptions/:id/attempts', id: subscriptionId },
  { route: 'GET /api/workflow/subscriptions/:id/pending', id: subscriptionId },
  { route: 'GET /api/workflow/webhooks' },
  { route: 'GET /api/workflow/webhooks/:id', id: webhookId },
];
/** For SESSION_ADMIN alone, too. */
const writes: Endpoint[] = [
  { route: 'POST /api/workflow/api-keys', body: { name: 'import', role: 'SESSION_DEALER' } },
  { route: 'DELETE /api/workflow/api-keys/:id', id: keyId },
  {
    route: 'POST /api/workflow/subscriptions',
    body: { name: 'billing', url: 'https://receiver.example/', brands: ['oak'] },
  },
  { route: 'PATCH /api/workflow/subscriptions/:id', id: subscriptionId, body: { name: 'billing' } },
  { route: 'DELETE /api/workflow/subscriptions/:id', id: subscriptionId },
  { route: 'POST /api/workflow/subscriptions/:id/pause', id: subscriptionId },
  { route: 'POST /api/workflow/subscriptions/:id/resume', id: subscriptionId },
  { route: 'POST /api/workflow/subscriptions/:id/rotate', id: subscriptionId },
  { route: 'POST /api/workflow/subscriptions/:id/test', id: subscriptionId },
  {
    route: 'POST /api/workflow/subscriptions/:id/resend',
    id: subscriptionId,
    body: { event_id: '00000000-0000-8000-8000-000000000000' },
  },
  {
    route: 'POST /api/workflow/subscriptions/:id/redeliver',
    id: subscriptionId,
    body: { since: '2026-01-01T00:00:00Z' },
  },
  { route: 'POST /api/workflow/webhooks', body: { id: 'new-of-oak', name: 'registrations', brand: 'oak' } },
  { route: 'PATCH /api/workflow/webhooks/:id', id: webhookId, body: { name: 'registrations' } },
  { route: 'DELETE /api/workflow/webhooks/:id', id: webhookId },
  { route: 'POST /api/workflow/webhooks/:id/rotate', id: webhookId },
  { route: 'DELETE /api/workflow/webhooks/:id/keys/:key', id: webhookId, version: 'some-key' },
  { route: 'POST /api/workflow/directory', body: { kind: 'desks', record: { ...desk, code: 'new' } } },
  {
    route: 'PUT /api/workflow/directory/:kind/:id',
    kind: 'desks',
    id: 'vip~oak',
    body: { kind: 'desks', record: desk, version: '0'.repeat(32) },
  },
  { route: 'POST /api/workflow/dead-letters/resend', body: { reason: 'not_json' } },
  { route: 'POST /api/workflow/dead-letters/:id/resend', id: deadLetterId },
  { route: 'POST /api/workflow/rules/:id/impact', id: 'oak-rule' },
  { route: 'POST /api/workflow/backtests', body: { rule: {} } },
  { route: 'DELETE /api/workflow/backtests/:id', id: backtest },
  { route: 'POST /api/workflow/rules', body: { rule: {} } },
  { route: 'PUT /api/workflow/rules/:id', id: 'oak-rule', body: { rule: {}, version: 1 } },
  { route: 'POST /api/workflow/rules/:id/status', id: 'oak-rule', body: { status: 'inactive' } },
  { route: 'POST /api/workflow/rules/:id/rollback', id: 'oak-rule', body: { to: 1 } },
  { route: 'POST /api/workflow/rules/:id/archive', id: 'oak-rule' },
  { route: 'DELETE /api/workflow/rules/:id', id: 'oak-rule' },
  { route: 'POST /api/workflow/approvals/:token/reassign', id: token, body: { approvers: { users: ['bob'] } } },
  { route: 'POST /api/workflow/runs/:id/pause', id: 'oak-rule:e-1' },
  { route: 'POST /api/workflow/runs/:id/resume', id: 'oak-rule:e-1' },
  { route: 'POST /api/workflow/runs/:id/cancel', id: 'oak-rule:e-1' },
  { route: 'POST /api/workflow/runs/:id/retry', id: 'oak-rule:e-1' },
  { route: 'POST /api/workflow/runs/:id/release', id: 'oak-rule:e-1' },
  { route: 'POST /api/workflow/runs/:id/discard', id: 'oak-rule:e-1' },
  { route: 'POST /api/workflow/bulk-operations/preview', body: { command: 'retry' } },
  {
    route: 'POST /api/workflow/bulk-operations',
    body: { command: 'retry', until: '2026-01-01T00:00:00Z', expected: 1 },
  },
  { route: 'POST /api/workflow/bulk-operations/:id/stop', id: bulkId },
  { route: 'POST /api/workflow/rules/:id/held/release', id: 'oak-rule' },
  { route: 'POST /api/workflow/rules/:id/held/discard', id: 'oak-rule' },
];
/** For SESSION_ADMIN of all brands. */
const ofAllBrandsReads: Endpoint[] = [
  { route: 'GET /api/workflow/users' },
  { route: 'GET /api/workflow/hooks' },
  { route: 'GET /api/workflow/hooks/:id', id: applicationId },
];
const ofAllBrandsWrites: Endpoint[] = [
  { route: 'POST /api/workflow/hooks', body: { name: 'crm' } },
  { route: 'PATCH /api/workflow/hooks/:id', id: applicationId, body: { name: 'crm' } },
  { route: 'POST /api/workflow/hooks/:id/enable', id: applicationId },
  { route: 'POST /api/workflow/hooks/:id/disable', id: applicationId },
  { route: 'POST /api/workflow/hooks/:id/token', id: applicationId },
  { route: 'DELETE /api/workflow/hooks/:id', id: applicationId },
];
const ofAllBrands = [...ofAllBrandsReads, ...ofAllBrandsWrites];
const endpoints = [
  ...reads,
  ...files,
  ...adminReads,
  ...checks,
  ...questions,
  ...previews,
  ...answers,
  ...ownWrites,
  ...writes,
  ...ofAllBrands,
];

const strangers = ['SESSION_CUSTOMER', 'session_admin', 'SESSION_ADMIN '];

const requestOf = ({ route, body }: Endpoint) => ({ method: route.split(' ')[0]!, body });
function pathOf({ route, id = '', version = '', kind = '', query = '' }: Endpoint, other = id): string {
  const path = route
    .split(' ')[1]!
    .replace(':kind', kind)
    .replace(/:\w+/, encodeURIComponent(other))
    .replace(/:version|:key/, version);
  return `${path}${query}`;
}

let api: TestApi;
let temporal: TestTemporal;

beforeAll(async () => {
  const uri = databaseUri(uniqueName('access'));
  const store = await connectStore(uri);
  await createRuleRepository(store).apply([{ id: 'oak-rule', definition: ruleDefinition({ brand: 'oak' }) }], 'test');
  await createRunLedger(store).claim([runRecord({ run_id: 'oak-rule:e-1', rule_id: 'oak-rule', brand: 'oak' })]);
  await createEvaluatedEvents(store).keep([
    {
      eventKey: 'key',
      eventId: 'e-1',
      trigger: 'a.b',
      at: new Date().toISOString(),
      revision: 1,
      outcome: 'no_match',
      context: { brand: 'oak', event: {} },
    },
  ]);
  await createApiKeys(store).add({
    api_key_id: keyId,
    name: 'of oak',
    role: 'SESSION_ADMIN',
    brands: ['oak'],
    hash: '00',
    created_at: new Date().toISOString(),
    created_by: 'test',
    expires_at: null,
    revoked_at: null,
    revoked_by: null,
  });
  await createSubscriptions(store).add(subscriptionRecord({ subscription_id: subscriptionId, brands: ['oak'] }), 10);
  await createWorkflowWebhooks(store).add(webhookRecord({ id: webhookId, brand: 'oak' }));
  await createWebhookApplications(store).add(webhookApplication({ application_id: applicationId }));
  await createBulkOperations(store).add(bulkOperation({ bulk_id: bulkId, brands: ['oak'] }));
  await createApprovals(store).put(approval({ token, run_id: 'oak-rule:e-1', tenant: 'oak' }));
  await createDirectory(store).load({
    desks: [desk],
    customers: [{ id: 'customer-of-oak', brand: 'oak' }],
    managers: [{ id: 7, name: 'Ada', enabled: true, brands: ['oak'] }],
  });
  await createTaskStore(store).add(taskRecord({ id: 'task-of-oak', tenant: 'oak' }));
  await createNotificationStore(store).add([notificationRecord({ id: 'notification-of-oak', tenant: 'oak' })]);
  await createDeadLetters(store).add([deadLetter({ dead_letter_id: deadLetterId, brand: 'oak' })]);
  await store.close();
  temporal = await connectTemporal();
  await temporal.client.workflow.start(backtestWorkflow, {
    workflowId: `backtest/${backtest}`,
    taskQueue: uniqueName('nobody'),
    args: [],
    memo: { brand: 'oak', by: 'test', rule_id: null, days: 1 },
  });
  api = await startTestApi({ MONGODB_URI: uri });
});

afterAll(async () => {
  await api?.close();
  await temporal?.client.workflow.getHandle(`backtest/${backtest}`).terminate();
  await temporal?.close();
});

it('every endpoint below /api is looked at here', () => {
  expect(endpoints.map(({ route }) => route).sort()).toEqual(api.routes);
});

describe.each(endpoints)('$route', (endpoint) => {
  it('R-111 refuses a request without a session', async () => {
    const { status, headers, body } = await api.ask(pathOf(endpoint), requestOf(endpoint));
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(body).toEqual({ success: false, error: { code: 'no_session', message: expect.any(String) } });
  });

  it.each(badTokens)('R-111 refuses a token %s', async (_, make) => {
    const authorization = `Bearer ${await make()}`;
    expect(await api.ask(pathOf(endpoint), { ...requestOf(endpoint), authorization })).toMatchObject({
      status: 401,
      body: { success: false, error: { code: 'no_session' } },
    });
  });

  it.each(strangers)('R-111 refuses the session role "%s"', async (role) => {
    expect(await api.as(role, pathOf(endpoint), requestOf(endpoint))).toMatchObject({
      status: 403,
      body: { success: false, error: { code: 'access_denied' } },
    });
  });
});

describe.each(reads)('$route', (endpoint) => {
  it.each(managerRoles)('R-108 is open to %s', async (role) => {
    expect(await api.as(role, pathOf(endpoint))).toMatchObject({ status: 200, body: { success: true } });
  });
});

describe.each(files)('$route', (endpoint) => {
  it.each(managerRoles)('lets %s in, and the run has no such file', async (role) => {
    expect(await api.as(role, pathOf(endpoint))).toMatchObject({
      status: 404,
      body: { success: false, error: { code: 'file_not_found' } },
    });
  });
});

describe.each([...questions, ...previews])('$route', (endpoint) => {
  it.each(managerRoles)('is open to %s', async (role) => {
    expect(await api.as(role, pathOf(endpoint), requestOf(endpoint))).toMatchObject({ status: 200 });
  });
});

describe.each(checks)('$route', (endpoint) => {
  it.each(managerRoles)('R-110 is open to %s', async (role) => {
    expect(await api.as(role, pathOf(endpoint), requestOf(endpoint))).toMatchObject({
      status: 200,
      body: { success: true, data: { valid: false } },
    });
  });
});

describe.each([...adminReads, ...writes, ...ofAllBrands])('$route', (endpoint) => {
  it.each(managerRoles.filter((role) => role !== 'SESSION_ADMIN'))(
    'is refused for %s, whatever is there',
    async (role) => {
      for (const id of [endpoint.id, 'none']) {
        expect(await api.as(role, pathOf(endpoint, id), requestOf(endpoint))).toMatchObject({
          status: 403,
          body: { success: false, error: { code: 'access_denied' } },
        });
      }
    },
  );
});

describe.each(ownWrites)('$route', (endpoint) => {
  it.each(managerRoles.filter((role) => role !== 'SESSION_ADMIN'))('is refused for %s of others', async (role) => {
    expect(await api.as(role, pathOf(endpoint), requestOf(endpoint))).toMatchObject({
      status: 403,
      body: { success: false, error: { code: 'access_denied' } },
    });
  });
});

describe.each(answers)('$route', (endpoint) => {
  it.each(managerRoles)('lets %s in, and the run it is about is asked: it was never started', async (role) => {
    expect(await api.as(role, pathOf(endpoint), requestOf(endpoint))).toMatchObject({
      status: 409,
      body: { success: false, error: { code: 'approval_conflict' } },
    });
  });
});

describe.each([...checks, ...questions, ...previews, ...answers, ...ownWrites, ...writes, ...ofAllBrandsWrites])(
  '$route',
  (endpoint) => {
    it('refuses members nobody knows, and a body that is no JSON', async () => {
      const unknown = await api.as('SESSION_ADMIN', pathOf(endpoint), {
        ...requestOf(endpoint),
        body: { colour: 'red' },
      });
      expect(unknown).toMatchObject({ status: 422, body: { error: { code: 'invalid_body' } } });
      expect(unknown.body.error?.details).toContainEqual({
        path: 'colour',
        code: 'unknown_key',
        message: 'is not known here',
      });
      for (const [body, contentType] of [
        ['{"a":', 'application/json'],
        ['a=1', 'application/x-www-form-urlencoded'],
      ]) {
        expect(
          await api.as('SESSION_ADMIN', pathOf(endpoint), { ...requestOf(endpoint), body, contentType: contentType! }),
        ).toMatchObject({ status: 400, body: { error: { code: 'malformed_request' } } });
      }
    });

    it('refuses a body that is too large', async () => {
      const body = JSON.stringify({ text: 'x'.repeat(1_100_000) });
      expect(await api.as('SESSION_ADMIN', pathOf(endpoint), { ...requestOf(endpoint), body })).toMatchObject({
        status: 413,
        body: { error: { code: 'too_large' } },
      });
    });
  },
);

describe.each(ofAllBrands)('$route', (endpoint) => {
  it('is refused for a session of some brands, whatever is there', async () => {
    for (const id of [endpoint.id, 'none']) {
      for (const brands of [['oak'], []]) {
        expect(await api.as('SESSION_ADMIN', pathOf(endpoint, id), requestOf(endpoint), { brands })).toMatchObject({
          status: 403,
          body: { success: false, error: { code: 'access_denied' } },
        });
      }
    }
  });
});

const ofBrands = endpoints.filter((one) => one.id !== undefined && !ofAllBrands.includes(one));
describe.each(ofBrands)('$route', (endpoint) => {
  it('tells a session for another brand nothing, not even that there is something', async () => {
    const elm = { brands: ['elm'] };
    const elsewhere = await api.as('SESSION_ADMIN', pathOf(endpoint), requestOf(endpoint), elm);
    const nowhere = await api.as('SESSION_ADMIN', pathOf(endpoint, 'none'), requestOf(endpoint), elm);
    expect(elsewhere.status).toBe(404);
    expect(elsewhere.body).toEqual(nowhere.body);
  });
});

describe('too many requests', () => {
  let strict: TestApi;
  beforeAll(async () => {
    strict = await startTestApi({
      MONGODB_URI: databaseUri(uniqueName('strict')),
      AUTH_FAILURES_PER_MINUTE: '3',
      WRITES_PER_MINUTE: '2',
    });
  });
  afterAll(() => strict?.close());

  it('without a session are refused with 429, and keep no valid session out', async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await strict.ask('/api/workflow/rules')).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
    const { status, headers, body } = await strict.ask('/api/workflow/rules', { authorization: 'Bearer nonsense' });
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(body).toMatchObject({ success: false, error: { code: 'too_many_requests' } });
    expect(await strict.as('SESSION_ADMIN', '/api/workflow/rules')).toMatchObject({ status: 200 });
  });

  it('that change something are refused with 429, for each user', async () => {
    const write = (sub: string) =>
      strict.as('SESSION_ADMIN', '/api/workflow/rules', { method: 'POST', body: { rule: {} } }, { sub });
    const statuses: number[] = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await write('ann')).status);
    expect(statuses).toEqual([422, 422, 429]);
    expect(await write('bo')).toMatchObject({ status: 422 });
  });
});
