/** Rules that follow one another: events from actions come back through Kafka and start runs, up to a limit. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { maxCausationDepth, topics } from '#libs/domain/events/platform-event.ts';
import type { RuleAction } from '#libs/domain/rules/rule.ts';
import { IngressWorld, ruleDefinition, type RunningIngress } from '../../support/ingress.ts';
import { uniqueName } from '../../support/servers.ts';
import { startTestWorker } from '../../support/worker.ts';

let world: IngressWorld;
let ingress: RunningIngress;
let stopWorker: () => Promise<void>;

beforeAll(async () => {
  world = await IngressWorld.create();
  const customers = [{ id: 'c-loop' }, { id: 'c-chain', sales_status: 'new', sales_status_id: 1 }];
  const statuses = [{ id: 2, type: 'sales', code: 'vip' }];
  await world.directory.load({ customers, statuses });
  ingress = await world.startIngress();
  stopWorker = await startTestWorker(world);
});

afterAll(async () => {
  await stopWorker();
  await world.close();
});

async function put(name: string, trigger_event: string, actions: RuleAction[], conditions?: object): Promise<string> {
  const id = uniqueName('rule');
  const definition = ruleDefinition({
    name,
    trigger_event,
    actions,
    ...(conditions !== undefined && { conditions: { match: 'all', rules: [conditions as never] } }),
  });
  await world.rules.apply([{ id, definition }], 'test');
  return id;
}

const runsOf = async (ruleId: string) => (await world.records()).filter(({ rule_id }) => rule_id === ruleId);

it('R-135 a rule follows what the action of another changed, by the kind and value of the change', async () => {
  const trigger = uniqueName('trigger');
  const first = await put('Make a VIP', trigger, [
    { type: 'set_status', params: { status: 'vip' } },
    { type: 'set_status', params: { status: 'vip' } },
  ]);
  const note = [{ type: 'add_note', params: { body: 'was {{ event.previous }}' } }];
  const follows = await put('Greet', 'customer.status_changed', note, {
    field: 'event.status',
    operator: 'eq',
    value: 'vip',
  });
  const other = await put('Other', 'customer.status_changed', note, {
    field: 'event.kind',
    operator: 'eq',
    value: 'kyc',
  });
  await world.rulesLive(ingress);
  const event = { type: trigger, brand: 'alpha', customerId: 'c-chain', data: {} };
  await world.publish(topics.crm, { value: { ...event, id: uniqueName('evt') } });
  await expect
    .poll(async () => (await runsOf(follows)).map(({ status }) => status), { timeout: 30_000 })
    .toEqual(['completed']);
  const [run] = await runsOf(follows);
  expect(run).toMatchObject({ brand: 'alpha', customer_id: 'c-chain', trigger_event: 'customer.status_changed' });
  expect(run?.event_id).toBe(`${(await runsOf(first))[0]?.run_id}/action-0`);
  // The same again changes nothing, so nothing follows.
  await world.publish(topics.crm, { value: { ...event, id: uniqueName('evt') } });
  await expect
    .poll(async () => (await runsOf(first)).filter(({ status }) => status === 'completed').length, { timeout: 30_000 })
    .toBe(2);
  await world.drained();
  expect(await runsOf(follows)).toHaveLength(1);
  expect(await runsOf(other)).toEqual([]);
});

it('OP-B9 a rule that triggers itself ends at the limit, with all before it executed and the chain in the log', async () => {
  const trigger = uniqueName('trigger');
  const task = [{ type: 'create_task', params: { type: 'call' } }];
  const first = await put('Beginning', trigger, task);
  const loop = await put('Again and again', 'task.created', task);
  await world.rulesLive(ingress);
  const id = uniqueName('evt');
  await world.publish(topics.crm, { value: { id, type: trigger, brand: 'alpha', customerId: 'c-loop', data: {} } });
  const warning = () => ingress.logs.find(({ msg }) => msg.includes('rules have followed one another'));
  await expect.poll(() => warning()?.msg, { timeout: 60_000 }).toBeDefined();
  expect(warning()?.msg).toContain(
    `the chain: event ${id} → rule "Beginning" (${first}) → ` +
      `${Array(maxCausationDepth - 1)
        .fill(`rule "Again and again" (${loop})`)
        .join(' → ')}, ` +
      `and would go on with rule "Again and again" (${loop})`,
  );
  await expect
    .poll(
      async () =>
        (await world.records()).filter(({ customer_id }) => customer_id === 'c-loop').map(({ status }) => status),
      { timeout: 30_000 },
    )
    .toEqual(Array(maxCausationDepth).fill('completed'));
  expect(await runsOf(loop)).toHaveLength(maxCausationDepth - 1);
});
