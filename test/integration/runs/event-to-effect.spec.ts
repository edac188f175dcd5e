/** From a message on a topic to what its rules do and the run log that people read: nothing on the way is a stand-in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { ConditionNode, RuleAction } from '#libs/domain/rules/rule.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { createCounterStore } from '#libs/store/crm/manager-counter.repository.ts';
import { createNoteStore } from '#libs/store/crm/note.repository.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
import { createTaskStore } from '#libs/store/crm/task.repository.ts';
import { startTestApi, type TestApi } from '../../support/api.ts';
import { IngressWorld, until, type RunningIngress } from '../../support/ingress.ts';
import { startMailReceiver, type MailReceiver } from '../../support/mail-receiver.ts';
import { startReceiver, type Receiver, type ReceivedRequest } from '../../support/receiver.ts';
import { uniqueName } from '../../support/servers.ts';
import { startTestWorker } from '../../support/worker.ts';

let world: IngressWorld;
let ingress: RunningIngress;
let api: TestApi;
let mails: MailReceiver;
let receiver: Receiver;
let stopWorker: () => Promise<void>;

beforeAll(async () => {
  world = await IngressWorld.create();
  await world.directory.load({
    groups: [{ name: 'north-usd', brand: 'north' }],
    accounts: [
      { login: 5001, group: 'north-usd', customer_id: 'c-1' },
      { login: 5002, group: 'north-usd', customer_id: 'c-2' },
    ],
    customers: [
      { id: 'c-1', assigned_manager_id: 12, email: 'ana@example.com', phone: '+5511987654321' },
      { id: 'c-2', email: 'eva@example.com' },
    ],
    managers: [11, 12, 13].map((id) => ({ id, name: `Manager ${id}`, enabled: true })),
    teams: [{ id: 't-1', name: 'Sales', agent_ids: [11, 12, 13] }],
    desks: [{ code: 'retention', name: 'Retention', manager_id: 13 }],
    statuses: [{ id: 1, type: 'sales', code: 'vip' }],
  });
  mails = await startMailReceiver();
  receiver = await startReceiver(({ url }, response) => {
    if (url.startsWith('/slow')) setTimeout(() => response.end(), 700);
    else if (url.startsWith('/refused')) response.writeHead(400).end(`no: ${url}`);
    else if (!url.startsWith('/never')) response.end();
  });
  ingress = await world.startIngress();
  stopWorker = await startTestWorker(world, {
    WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
    SMTP_URL: `smtp://127.0.0.1:${mails.settings.port}`,
    MAIL_FROM: 'signalbox@broker.example',
    SMS_PROVIDER: 'http',
    SMS_HTTP_URL: `${receiver.url}/sms`,
  });
  api = await startTestApi({ MONGODB_URI: world.config.store.uri });
});

afterAll(async () => {
  await api?.close();
  await stopWorker?.();
  await world?.close();
  await mails?.close();
  await receiver?.close();
});

interface Given {
  trigger: string;
  topic?: string;
  /** Without its id. */
  event: object;
  conditions?: ConditionNode;
  actions: RuleAction[];
}

/** @returns the run of a rule of its own for an event of its own, as the API shows it once it has ended */
async function run({ trigger, topic = topics.crm, event, conditions, actions }: Given): Promise<RunRecord> {
  const rule = await world.rule({ trigger_event: trigger, actions, ...(conditions !== undefined && { conditions }) });
  await world.rulesLive(ingress);
  const id = uniqueName('evt');
  await world.publish(topic, { value: { id, ...event } });
  let found: RunRecord | undefined;
  await until(
    `the run of ${trigger} has ended`,
    async () => {
      const own = (await world.records()).find(({ rule_id, event_id }) => rule_id === rule && event_id === id);
      if (own === undefined) return false;
      const { body } = await api.as('SESSION_DEALER', `/api/workflow/runs/${encodeURIComponent(own.run_id)}`);
      found = body.data?.['run'] as RunRecord | undefined;
      return typeof found?.finished_at === 'string';
    },
    120_000,
  );
  await world.rules.delete(rule, 'test');
  return found!;
}

const crm = (type: string, more: object = {}) => ({ type, brand: 'north', customerId: 'c-1', data: {}, ...more });
const steps = ({ actions }: RunRecord) => actions.map(({ type, status }) => `${type} ${status}`);
const requestsTo = (path: string): ReceivedRequest[] => receiver.requests.filter(({ url }) => url.startsWith(path));
const told = async (runId: string) =>
  (await createNotificationStore(world.store).list({ limit: 1000 }))
    .filter(({ run_id }) => run_id === runId)
    .map(({ manager_id }) => manager_id);

describe('an event of the broker', { timeout: 150_000 }, () => {
  it.each([
    ['R-034', topics.trade, 'trade.opened', 'EV_RECORD_ADD', { login: 5001, cmd: 'OP_BUY', symbol: 'EURUSD' }],
    ['R-034', topics.trade, 'deposit.created', 'EV_RECORD_ADD', { login: 5001, cmd: 'OP_BALANCE_IN', amount_usd: 5 }],
    ['R-035', topics.account, 'account:added', 'EV_RECORD_ADD', { login: 5001, group: 'north-usd' }],
    ['R-035', topics.account, 'account:updated', 'EV_RECORD_UPDATE', { login: 5001, group: 'north-usd' }],
    ['R-035', topics.account, 'account:deleted', 'EV_RECORD_DELETE', { login: 5001, group: 'north-usd' }],
  ])('%s R-033 on %s goes the whole way: %s', async (_number, topic, trigger, event, record) => {
    const body = `${trigger} of {{event.login}} at {{brand}}`;
    const actions = [
      { type: 'add_note', params: { body } },
      { type: 'notify.manager', params: {} },
    ];
    const done = await run({ trigger, topic, event: { event, record }, actions });
    expect(done).toMatchObject({
      status: 'completed',
      brand: 'north',
      login: 5001,
      customer_id: 'c-1',
      trigger_event: trigger,
    });
    expect(steps(done)).toEqual(['add_note completed', 'notify.manager completed']);
    const notes = await createNoteStore(world.store).list('c-1');
    expect(notes.filter(({ run_id }) => run_id === done.run_id)).toMatchObject([
      { body: `${trigger} of 5001 at north` },
    ]);
    expect(await told(done.run_id)).toEqual([12]);
  });
});

describe("a manager's id", { timeout: 150_000 }, () => {
  it('R-071 means the same manager to conditions, notifications, tasks and counters, also where it comes as text', async () => {
    const customerId = uniqueName('c');
    const counter = uniqueName('counter');
    const done = await run({
      trigger: 'customer.registered',
      event: crm('customer.registered', { customerId, data: { assigned_manager_id: '11', country: 'PT' } }),
      conditions: { field: 'customer.assigned_manager_id', operator: 'eq', value: 11 },
      actions: [
        { type: 'notify.manager', params: {} },
        { type: 'create_task', params: { type: 'call' } },
        { type: 'increment_manager_counter', params: { counter } },
      ],
    });
    expect(done.status).toBe('completed');
    expect(await told(done.run_id)).toEqual([11]);
    expect(await createTaskStore(world.store).list({ customerId })).toMatchObject([{ assignee_id: 11 }]);
    const totals = await createCounterStore(world.store).totals({ managerId: 11 });
    expect(totals.filter((one) => one.counter === counter)).toMatchObject([{ total: 1 }]);
  });
});

describe('a webhook', { timeout: 300_000 }, () => {
  const sends = (params: object): Promise<RunRecord> => {
    const trigger = uniqueName('trigger');
    return run({ trigger, event: crm(trigger), actions: [{ type: 'webhook.send', params: { ...params } }] });
  };

  it('R-083 is a POST unless its rule names another method', async () => {
    await sends({ url: `${receiver.url}/method` });
    await sends({ url: `${receiver.url}/method`, method: 'PUT' });
    expect(requestsTo('/method').map(({ method }) => method)).toEqual(['POST', 'PUT']);
  });

  it('R-084 goes out as its rule has it', async () => {
    const headers = { 'Content-Type': 'application/json; x=1', 'X-Own': 'a, b' };
    const body = `{ "text": "High \\"risk\\" \\u00fc ü", "template": "{{ '{{' }}name}}" }`;
    await sends({ url: `${receiver.url}/whole?a=b%20c`, method: 'PATCH', headers, body });
    const [request] = requestsTo('/whole');
    expect(request).toMatchObject({ method: 'PATCH', url: '/whole?a=b%20c' });
    expect(request?.body).toBe('{ "text": "High \\"risk\\" \\u00fc ü", "template": "{{name}}" }');
    const raw = request?.rawHeaders ?? [];
    expect([raw[raw.indexOf('Content-Type') + 1], raw[raw.indexOf('X-Own') + 1]]).toEqual(Object.values(headers));
  });

  it('R-085 R-087 waits a second where its rule says less, and then fails', async () => {
    expect((await sends({ url: `${receiver.url}/slow`, timeout_ms: 1 })).status).toBe('completed');
    const late = await sends({ url: `${receiver.url}/never`, timeout_ms: 1 });
    expect(late).toMatchObject({ status: 'failed', error: { code: 'webhook_timeout' } });
    expect(late.error?.message).toMatch(/1,?000 ms/);
    expect(requestsTo('/never')).toHaveLength(5);
  });

  it('R-092 leaves no token in the run log that the API shows', async () => {
    const token = 'T0123ABCD/B0123ABCD/abcdefghijklmnopqrstuvwx';
    const done = await sends({
      url: `${receiver.url}/refused/services/${token}?token=querysecret123`,
      headers: { Authorization: 'Bearer headersecret123' },
    });
    expect(done).toMatchObject({ status: 'failed', error: { code: 'webhook_status' } });
    expect(requestsTo('/refused')[0]).toMatchObject({
      url: `/refused/services/${token}?token=querysecret123`,
      headers: { authorization: 'Bearer headersecret123' },
    });
    const list = await api.as('SESSION_DEALER', '/api/workflow/runs?limit=500');
    for (const text of [JSON.stringify(done), JSON.stringify(list.body)]) {
      expect(text).toContain('/refused');
      expect(text).not.toMatch(/abcdefghijkl|querysecret|headersecret/);
    }
  });
});

describe('the fourteen actions of the CRM', () => {
  it('R-162 are all done', async () => {
    const trigger = uniqueName('trigger');
    const done = await run({
      trigger,
      event: crm(trigger, { customerId: 'c-2', login: 5002 }),
      actions: [
        { type: 'assign_to_team', params: { team_id: 't-1' } },
        { type: 'reassign_round_robin', params: {} },
        { type: 'assign_to_agent', params: { agent_id: 11 } },
        { type: 'handover_to_retention', params: {} },
        { type: 'set_status', params: { status: 'vip' } },
        { type: 'set_customer_active', params: { active: false } },
        { type: 'send_email', params: { subject: 'Hello', body: 'Eva' } },
        { type: 'send_sms', params: { body: 'Hello Eva', to: '+351912345678' } },
        { type: 'create_task', params: { type: 'call' } },
        { type: 'add_note', params: { body: 'All done' } },
        { type: 'increment_manager_counter', params: { counter: 'all' } },
        { type: 'freeze_account', params: { reason: 'checks' } },
        { type: 'webhook', params: { url: `${receiver.url}/all` } },
        { type: 'delay', params: { value: 1, unit: 'minutes' } },
      ],
    });
    expect(steps(done)).toEqual(done.actions.map(({ type }) => `${type} completed`));
    expect(done.actions).toHaveLength(14);
    const details = done.actions.slice(0, 4).map(({ detail }) => detail);
    expect(
      details.map((detail) => /(?:assigned to|moved to|reassigned to)? ?manager (\d+)/.exec(detail ?? '')?.[1]),
    ).toEqual([expect.any(String), expect.any(String), '11', '13']);
    expect(details[1]).not.toBe(details[0]);
    expect(await world.directory.customer('c-2')).toMatchObject({
      assigned_manager_id: 13,
      desk: 'retention',
      sales_status: 'vip',
      active: false,
    });
    expect(mails.mails).toMatchObject([{ to: ['eva@example.com'] }]);
    expect(JSON.parse(requestsTo('/sms')[0]?.body ?? '')).toMatchObject({ to: '+351912345678', text: 'Hello Eva' });
    expect(await createTaskStore(world.store).list({ customerId: 'c-2' })).toMatchObject([{ assignee_id: 13 }]);
    expect(await createNoteStore(world.store).list('c-2')).toMatchObject([{ body: 'All done' }]);
    const totals = await createCounterStore(world.store).totals({ managerId: 13 });
    expect(totals).toMatchObject([{ counter: 'all', total: 1 }]);
    expect((await world.directory.accounts([5002])).get(5002)).toMatchObject({ frozen: true, frozen_reason: 'checks' });
    expect(requestsTo('/all').map(({ method }) => method)).toEqual(['POST']);
    const delay = done.actions.at(-1)!;
    expect(Date.parse(delay.finished_at ?? '') - Date.parse(delay.started_at ?? '')).toBeGreaterThanOrEqual(60_000);
  }, 240_000);
});
