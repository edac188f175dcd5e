/** The example rules as a broker uses them: from a Kafka event to the mail server, the SMS provider, the chat and the CRM. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actionCatalog } from '#libs/domain/actions/action-catalog.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { idempotencyKey, type RunRecord } from '#libs/domain/runs/run.ts';
import { validateRule } from '#libs/domain/validation/validate-rule.ts';
import { createNoteStore } from '#libs/store/crm/note.repository.ts';
import { createTaskStore } from '#libs/store/crm/task.repository.ts';
import { startReceiver, type ExampleReceiver } from '../../scripts/start/example.receiver.ts';
import { loadExamples } from '../../scripts/start/example.loader.ts';
import { repositoryRoot } from '../../stack/repository-root.ts';
import { IngressWorld, until } from '../support/ingress.ts';
import { uniqueName } from '../support/servers.ts';
import { startTestWorker } from '../support/worker.ts';

let world: IngressWorld;
let receiver: ExampleReceiver;
let stopWorker: () => Promise<void>;

beforeAll(async () => {
  world = await IngressWorld.create();
  receiver = await startReceiver({ http: 0, smtp: 0 });
  await loadExamples(world.config.store.uri, join(repositoryRoot(), 'examples'), receiver.url);
  await world.rules.apply([{ id: 'as-documented', definition: documented() }], 'test');
  const [ingress, stop] = await Promise.all([
    world.startIngress(),
    startTestWorker(world, {
      SMTP_URL: receiver.smtpUrl,
      SMS_PROVIDER: 'http',
      SMS_HTTP_URL: receiver.smsUrl,
      MAIL_FROM: 'signalbox@broker.example',
      WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
    }),
  ]);
  stopWorker = stop;
  await world.rulesLive(ingress);
});
afterAll(async () => {
  await stopWorker?.();
  await receiver?.close();
  await world?.close();
});

/** The definition of the documentation, word for word. */
function documented() {
  const { rule, errors } = validateRule({
    name: 'Big deposit from a churning customer',
    trigger_event: 'customer.deposited',
    conditions: {
      match: 'all',
      rules: [
        { field: 'event.amount', operator: 'gte', value: 1000 },
        { field: 'customer.retention_status', operator: 'eq', value: 'churning' },
      ],
    },
    actions: [
      { type: 'handover_to_retention', params: {} },
      { type: 'send_email', params: { subject: 'Good to see you again' } },
      { type: 'add_note', params: { body: 'Assigned by automation' } },
    ],
    priority: 10,
    stop_after: false,
  });
  if (rule === null) throw new Error(JSON.stringify(errors));
  return rule;
}

/** Publishes an event of the CRM and gives its runs, by rule, once all have ended. */
async function runsOf(type: string, customerId: string, data: object): Promise<Map<string, RunRecord>> {
  const id = uniqueName('event');
  await world.publish(topics.crm, { key: customerId, value: { id, type, customerId, data } });
  await world.drained();
  const own = async (): Promise<RunRecord[]> => (await world.records()).filter(({ event_id }) => event_id === id);
  await until('every run has ended', async () => (await own()).every(({ finished_at }) => finished_at !== null));
  return new Map((await own()).map((run) => [run.rule_name, run]));
}

const deposit = (customerId: string, amount: number) => runsOf('customer.deposited', customerId, { amount });
const steps = (run: RunRecord | undefined) => run?.actions.map(({ type, status }) => `${type} ${status}`);
const sent = (run: RunRecord | undefined) =>
  receiver.messagesFor((run?.actions ?? []).map(({ index }) => idempotencyKey(run?.run_id ?? '', index)));
const daysUntil = (due: string | null | undefined, from: string | null | undefined): number =>
  (Date.parse(due ?? '') - Date.parse(from ?? '')) / 86_400_000;

const onboarding = 'New depositor onboarding';
const highValue = 'High-value deposit alert';
const rescue = 'Churning customer rescue';

describe('the use cases', () => {
  it('R-186 a deposit above 500 from Brazil: to the retention desk, a welcome by mail, a task in two days', async () => {
    const runs = await deposit('C-1001', 500.01);
    expect([...runs.keys()]).toEqual([onboarding]);
    const run = runs.get(onboarding);
    expect(steps(run)).toEqual(['assign_to_agent completed', 'send_email completed', 'create_task completed']);
    expect(await world.directory.customer('C-1001')).toMatchObject({ desk: 'retention', assigned_manager_id: 12 });
    expect(sent(run)).toMatchObject([{ channel: 'mail', to: 'maria.silva@mail.example' }]);
    const [task] = await createTaskStore(world.store).list({ customerId: 'C-1001' });
    expect(task).toMatchObject({ type: 'follow_up', status: 'open', run_id: run?.run_id });
    expect(daysUntil(task?.due_at, run?.actions[2]?.started_at)).toBeCloseTo(2, 2);
  });

  it('R-187 nothing for a deposit of exactly 500, nor for one from another country', async () => {
    expect([...(await deposit('C-1001', 500)).keys()]).toEqual([]);
    expect([...(await deposit('C-1002', 501)).keys()]).toEqual([]);
  });

  it('R-188 a customer about to leave: an SMS, a call tomorrow, a note', async () => {
    const runs = await runsOf('customer.retention_changed', 'C-2001', { from: 'active', to: 'churning' });
    expect([...runs.keys()]).toEqual([rescue]);
    const run = runs.get(rescue);
    expect(steps(run)).toEqual(['send_sms completed', 'create_task completed', 'add_note completed']);
    expect(sent(run)).toMatchObject([{ channel: 'SMS', to: '+393331234567' }]);
    const [task] = await createTaskStore(world.store).list({ customerId: 'C-2001' });
    expect(task).toMatchObject({ type: 'call', run_id: run?.run_id });
    expect(daysUntil(task?.due_at, run?.actions[1]?.started_at)).toBeCloseTo(1, 2);
    const [note] = await createNoteStore(world.store).list('C-2001');
    expect(note).toMatchObject({ body: 'Auto: churning rescue initiated' });
  });

  it('R-189 nothing for another classification', async () => {
    const runs = await runsOf('customer.retention_changed', 'C-1002', { from: 'churning', to: 'active' });
    expect([...runs.keys()]).toEqual([]);
  });

  it('R-190 R-191 a deposit of 10,000 and not less: the chat is told, the customer goes to retention and is a VIP', async () => {
    expect([...(await deposit('C-1002', 9999.99)).keys()]).toEqual([]);
    const runs = await deposit('C-1002', 10_000);
    expect([...runs.keys()]).toEqual([highValue]);
    const run = runs.get(highValue);
    expect(steps(run)).toEqual(['webhook completed', 'handover_to_retention completed', 'set_status completed']);
    expect(receiver.callsFor(run?.event_id ?? '')).toBe(1);
    expect(await world.directory.customer('C-1002')).toMatchObject({ desk: 'retention', sales_status: 'vip' });
  });

  it('R-192 a deposit of 10,000 from Brazil runs both', async () => {
    const runs = await deposit('C-1001', 10_000);
    expect([...runs.keys()].sort()).toEqual([highValue, onboarding]);
    expect([...runs.values()].map(({ status }) => status)).toEqual(['completed', 'completed']);
  });

  it('R-129 the definition of the documentation is taken as it is and runs its three actions', async () => {
    const run = (await deposit('C-2001', 1000)).get('Big deposit from a churning customer');
    expect(steps(run)).toEqual(['handover_to_retention completed', 'send_email completed', 'add_note completed']);
    expect(sent(run)).toMatchObject([
      { channel: 'mail', to: 'chiara.rossi@mail.example', text: 'Good to see you again' },
    ]);
    const notes = await createNoteStore(world.store).list('C-2001');
    expect(notes).toContainEqual(expect.objectContaining({ body: 'Assigned by automation', run_id: run?.run_id }));
  });
});

describe('the catalogue of actions', () => {
  it('R-162 has the fourteen of the CRM', () => {
    const enabled = actionCatalog.filter(({ runtime_enabled }) => runtime_enabled).map(({ type }) => type);
    expect(enabled).toEqual(
      expect.arrayContaining([
        'assign_to_team',
        'assign_to_agent',
        'reassign_round_robin',
        'handover_to_retention',
        'set_status',
        'send_email',
        'send_sms',
        'create_task',
        'add_note',
        'increment_manager_counter',
        'set_customer_active',
        'freeze_account',
        'delay',
        'webhook',
      ]),
    );
  });
});
