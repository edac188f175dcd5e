/** Once and for ever: redelivery, replay and outages start nothing twice and lose nothing. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { IngressWorld, type RunningIngress } from '../../support/ingress.ts';
import { crmRunId } from '../../support/runs.ts';
import { servers, uniqueName } from '../../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

let world: IngressWorld;
let ingress: RunningIngress;

beforeAll(async () => void (world = await IngressWorld.create()));
beforeEach(async () => void (ingress = await world.startIngress({ KAFKA_GROUP_ID: world.newGroup() })));
afterEach(() => world.reset());
afterAll(() => world.close());

const deposit = (id: string, more: object = {}) => ({
  value: { id, type: 'customer.deposited', brand: 'alpha', customerId: 'c-1', data: { amount: 700, ...more } },
});
const ids = (count: number) => Array.from({ length: count }, () => uniqueName('evt'));

async function recordsOf(eventIds: string[]): Promise<string[]> {
  const records = await world.records();
  return records.filter(({ event_id }) => eventIds.includes(event_id)).map(({ run_id }) => run_id);
}

async function startsCounted(outcome: string): Promise<number> {
  const text = await (await fetch(`${ingress.url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith('signalbox_run_starts_total') && one.includes(outcome));
  return Number(line?.split(' ').at(-1) ?? 0);
}

describe('the ingress', () => {
  it('R-025 runs each rule once for an event that is published twice', async () => {
    await world.rule({ trigger_event: 'customer.deposited' });
    await world.rule({ trigger_event: 'customer.deposited', brand: 'alpha' });
    await world.rulesLive(ingress);
    const events = ids(20);
    await world.publish(topics.crm, ...events.map((id) => deposit(id)), ...events.map((id) => deposit(id)));
    await world.drained(ingress.config.kafka.groupId);
    expect(await recordsOf(events)).toHaveLength(40);
    expect(await startsCounted('outcome="started"')).toBe(40);
    // In another chunk, after the first ones are done.
    await world.publish(topics.crm, ...events.map((id) => deposit(id)));
    await world.drained(ingress.config.kafka.groupId);
    expect(await recordsOf(events)).toHaveLength(40);
    expect(await startsCounted('outcome="started"')).toBe(40);
  });

  it('starts nothing when a topic is replayed by a new group, not even for a rule made since', async () => {
    await world.rule({ trigger_event: 'customer.deposited' });
    await world.rulesLive(ingress);
    const events = ids(30);
    await world.publish(topics.crm, ...events.map((id) => deposit(id)));
    await world.drained(ingress.config.kafka.groupId);
    const before = await world.records();
    await world.rule({ trigger_event: 'customer.deposited' });
    const replaying = await world.startIngress({ KAFKA_GROUP_ID: world.newGroup() });
    await Promise.all([world.rulesLive(replaying), world.rulesLive(ingress)]);
    await world.drained(replaying.config.kafka.groupId);
    expect(await world.records()).toHaveLength(before.length);
    // The new group is no dead one: it goes on with what is new.
    const [next = ''] = ids(1);
    await world.publish(topics.crm, deposit(next));
    await expect.poll(() => recordsOf([next]), { timeout: 20_000 }).toHaveLength(2);
  });

  it('follows the first decision when an event comes again after the rules have changed', async () => {
    const rule = await world.rule({ trigger_event: 'customer.deposited', name: 'first' });
    await world.rulesLive(ingress);
    const events = ids(3);
    await world.publish(topics.crm, ...events.map((id) => deposit(id)));
    await world.drained(ingress.config.kafka.groupId);
    await world.rule({ trigger_event: 'customer.deposited', name: 'later' });
    await world.rulesLive(ingress);
    await world.publish(topics.crm, ...events.map((id) => deposit(id)));
    await world.drained(ingress.config.kafka.groupId);
    expect((await recordsOf(events)).sort()).toEqual(events.map((id) => crmRunId(rule, id)).sort());
  });

  it('sends to the dead letters another event that comes under the id of one that was processed', async () => {
    await world.rule({ trigger_event: 'customer.deposited' });
    await world.rulesLive(ingress);
    const [id = ''] = ids(1);
    await world.publish(topics.crm, deposit(id));
    await world.drained(ingress.config.kafka.groupId);
    await world.publish(topics.crm, deposit(id, { amount: 1_000_000 }));
    const [letter] = await world.deadLetters(1);
    expect(letter?.headers['dead-letter.reason']).toBe('event_id_conflict');
    expect(JSON.parse(letter?.value ?? '')).toMatchObject({ id, data: { amount: 1_000_000 } });
    expect(await recordsOf([id])).toHaveLength(1);
  });

  it('R-026 processes what was published while it was down: publishing waits for nobody', async () => {
    await world.rule({ trigger_event: 'customer.deposited' });
    await world.rulesLive(ingress);
    const [earlier, later] = [ids(5), ids(5)];
    await world.publish(topics.crm, ...earlier.map((id) => deposit(id)));
    await world.drained(ingress.config.kafka.groupId);
    await ingress.close();
    await world.publish(topics.crm, ...later.map((id) => deposit(id)));
    const again = await world.startIngress({ KAFKA_GROUP_ID: ingress.config.kafka.groupId });
    await expect.poll(() => recordsOf(later), { timeout: 20_000 }).toHaveLength(5);
    const skipped = again.logs.filter(({ msg }) => msg === 'skipping what was processed before');
    expect(skipped).toEqual([]);
  });
});

it('loses and repeats nothing while members of its group come and go', async () => {
  await world.rule({ trigger_event: 'customer.deposited' });
  await world.rulesLive(ingress);
  const events = ids(600);
  const publish = (from: number) =>
    world.publish(topics.crm, ...events.slice(from, from + 200).map((id) => ({ key: id, ...deposit(id) })));
  await publish(0);
  const second = await world.startIngress({ KAFKA_GROUP_ID: ingress.config.kafka.groupId });
  await publish(200);
  await world.ready(second);
  await ingress.close();
  await publish(400);
  await world.drained(second.config.kafka.groupId);
  const records = await world.records();
  expect(records.filter(({ event_id }) => events.includes(event_id))).toHaveLength(600);
  for (const { run_id } of records.slice(0, 20)) {
    expect((await world.temporal.workflow.getHandle(run_id).describe()).status.name).toBe('RUNNING');
  }
});

it('after a downtime, trades of accounts that were added meanwhile find them', async () => {
  await world.rule({ trigger_event: 'trade.opened', brand: 'alpha' });
  await world.directory.load({ groups: [{ name: 'real-a', brand: 'alpha' }] });
  await ingress.close();
  const events = ids(40);
  const record = (index: number, more: object) => ({ login: 70_000 + index, ...more });
  const messages = (value: (id: string, index: number) => object) =>
    events.map((id, index) => ({ key: String(index), value: { event: 'EV_RECORD_ADD', ...value(id, index) } }));
  await world.publish(topics.trade, ...messages((id, index) => ({ id, record: record(index, { cmd: 'OP_BUY' }) })));
  await world.publish(topics.account, ...messages((_, index) => ({ record: record(index, { group: 'real-a' }) })));
  const again = await world.startIngress({ KAFKA_GROUP_ID: ingress.config.kafka.groupId });
  await world.drained(again.config.kafka.groupId);
  expect(await recordsOf(events)).toHaveLength(40);
});

it('a run that Temporal refuses ends as failed, and the events behind it are processed', async () => {
  const body = 'x'.repeat(1_900_000);
  const large = await world.rule({
    trigger_event: 'customer.withdrew',
    actions: [{ type: 'webhook.send', params: { url: 'https://example.com', body } }],
  });
  await world.rulesLive(ingress);
  const [first = '', second = ''] = ids(2);
  const withdrew = (id: string, text: string) => ({
    key: 'one partition',
    value: { id, type: 'customer.withdrew', brand: 'alpha', data: { text } },
  });
  await world.publish(topics.crm, withdrew(first, 'y'.repeat(200_000)), withdrew(second, ''));
  await world.drained(ingress.config.kafka.groupId);
  const status = new Map((await world.records()).map((record) => [record.run_id, record]));
  expect(status.get(crmRunId(large, first))).toMatchObject({ status: 'failed', error: { code: 'start_refused' } });
  expect(status.get(crmRunId(large, second))).toMatchObject({ status: 'claimed' });
});

describe('while the store or Temporal is away', () => {
  let store: TcpProxy;
  let temporal: TcpProxy;
  let cutOff: RunningIngress;

  beforeEach(async () => {
    const mongodb = new URL(servers().mongodb);
    store = await startTcpProxy(mongodb.host);
    temporal = await startTcpProxy(servers().temporal);
    const uri = new URL(world.config.store.uri);
    uri.host = store.address;
    cutOff = await world.startIngress({
      KAFKA_GROUP_ID: world.newGroup(),
      MONGODB_URI: uri.href,
      TEMPORAL_ADDRESS: temporal.address,
    });
  });

  afterEach(async () => {
    await cutOff.close();
    await store.close();
    await temporal.close();
  });

  it.each(['store', 'Temporal'])('%s: events wait and none is lost', async (which) => {
    const proxy = which === 'store' ? store : temporal;
    const rule = await world.rule({ trigger_event: 'customer.ftd' });
    await world.rulesLive(cutOff);
    const events = ids(40);
    const ftd = (id: string) => ({ value: { id, type: 'customer.ftd', brand: 'alpha', data: {} } });
    await ingress.close();
    await proxy.cut();
    await world.publish(topics.crm, ...events.map(ftd));
    await expect
      .poll(() => cutOff.logs.map(({ msg }) => msg).join(), { timeout: 20_000 })
      .toContain(`${which} is away`);
    expect((await fetch(`${cutOff.url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${cutOff.url}/health/live`)).status).toBe(200);
    await proxy.restore();
    await world.drained(cutOff.config.kafka.groupId);
    expect(await recordsOf(events)).toHaveLength(40);
    for (const id of events) {
      const { status } = await world.temporal.workflow.getHandle(crmRunId(rule, id)).describe();
      expect(status.name).toBe('RUNNING');
    }
    expect(cutOff.logs.filter(({ msg }) => msg.startsWith(`${which} is away`))).toHaveLength(1);
    expect(cutOff.logs.filter(({ msg }) => msg === `${which} is back`)).toHaveLength(1);
  });
});
