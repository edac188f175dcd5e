/** From a message on a topic to a started workflow. Runs are only started here: no worker carries them out. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { runRuleWorkflow, searchAttributes } from '#temporal/contract/names.ts';
import { IngressWorld, type RunningIngress, type TestMessage } from '../../support/ingress.ts';
import { brokerRunId } from '../../support/runs.ts';
import { uniqueName } from '../../support/servers.ts';

const patient = { timeout: 20_000 };

let world: IngressWorld;
let ingress: RunningIngress;

beforeAll(async () => {
  world = await IngressWorld.create();
  await world.directory.load({
    groups: [{ name: 'real-a', brand: 'alpha' }],
    accounts: [{ login: 1001, group: 'real-a', customer_id: 'c-1' }],
    customers: [{ id: 'c-1', country: 'BR' }],
  });
  ingress = await world.startIngress();
});

afterAll(() => world.close());

/** The one rule for a trigger matches the message, and its workflow is started. */
async function expectStart(trigger: string, topic: string, message: (eventId: string) => TestMessage): Promise<void> {
  const ruleId = await world.rule({ trigger_event: trigger });
  await world.rulesLive(ingress);
  const eventId = uniqueName('evt');
  await world.publish(topic, message(eventId));
  const runs = async () => (await world.records()).filter((run) => run.rule_id === ruleId && run.event_id === eventId);
  await expect.poll(runs, patient).toHaveLength(1);
  const runId = (await runs())[0]!.run_id;
  await expect
    .poll(() => world.temporal.workflow.getHandle(runId).describe(), patient)
    .toMatchObject({ type: runRuleWorkflow, status: { name: 'RUNNING' } });
  await world.rules.delete(ruleId, 'test');
}

const broker =
  (event: string, record: object) =>
  (id: string): TestMessage => ({ value: { id, event, record } });
const plain =
  (type: string) =>
  (id: string): TestMessage => ({ value: { id, type, brand: 'alpha', customerId: 'c-1', data: { amount: 10 } } });

describe('trade.push', () => {
  it.each([
    ['R-008 R-010 R-034', 'EV_RECORD_ADD', 'OP_BUY', 'trade.opened'],
    ['R-011', 'EV_RECORD_ADD', 'OP_SELL', 'trade.opened'],
    ['R-012', 'EV_RECORD_ACTIVATE_TRADE', 'OP_BUY', 'trade.opened'],
    ['R-013', 'EV_RECORD_ACTIVATE_TRADE', 'OP_SELL', 'trade.opened'],
    ['R-014', 'EV_RECORD_CLOSE_TRADE', 'OP_BUY', 'trade.closed'],
    ['R-015', 'EV_RECORD_CLOSE_TRADE', 'OP_SELL', 'trade.closed'],
    ['R-016', 'EV_RECORD_ADD', 'OP_BALANCE_IN', 'deposit.created'],
    ['R-017', 'EV_RECORD_ADD', 'OP_BALANCE_OUT', 'withdrawal.created'],
  ])('%s %s of %s starts the rules for %s', (_, event, cmd, trigger) =>
    expectStart(trigger, topics.trade, broker(event, { order: 7, login: 1001, cmd, volume: 100 })),
  );

  it('R-021 R-022 R-023 combinations without a trigger start nothing', async () => {
    const rules = await Promise.all(
      ['trade.opened', 'trade.closed', 'deposit.created', 'withdrawal.created'].map((trigger_event) =>
        world.rule({ trigger_event }),
      ),
    );
    await world.rulesLive(ingress);
    const before = (await world.records()).length;
    const record = { order: 7, login: 1001 };
    await world.publish(
      topics.trade,
      ...[
        broker('EV_RECORD_ADD', { ...record, cmd: 'OP_BUY_LIMIT' }),
        broker('EV_RECORD_CLOSE_TRADE', { ...record, cmd: 'OP_BALANCE_IN' }),
        broker('EV_RECORD_ACTIVATE_TRADE', { ...record, cmd: 'OP_BALANCE_OUT' }),
        broker('EV_RECORD_UPDATE', { ...record, cmd: 'OP_BUY' }),
        broker('EV_RECORD_DELETE', { ...record, cmd: 'OP_SELL' }),
      ].map((message) => message(uniqueName('evt'))),
    );
    await world.drained();
    expect(await world.records()).toHaveLength(before);
    for (const id of rules) await world.rules.delete(id, 'test');
  });
});

describe('account.push', () => {
  it.each([
    ['R-009 R-018 R-035', 'EV_RECORD_ADD', 'account:added'],
    ['R-019', 'EV_RECORD_UPDATE', 'account:updated'],
    ['R-020 R-043', 'EV_RECORD_DELETE', 'account:deleted'],
  ])('%s %s starts the rules for %s', (_, event, trigger) =>
    expectStart(trigger, topics.account, broker(event, { login: 5001, group: 'real-a', leverage: 100 })),
  );

  it('R-024 starts no trade rule, and a trade starts no account rule', async () => {
    const tradeRule = await world.rule({ trigger_event: 'trade.opened' });
    const accountRule = await world.rule({ trigger_event: 'account:added' });
    await world.rulesLive(ingress);
    const [trade, account] = [uniqueName('trade'), uniqueName('account')];
    await world.publish(topics.trade, broker('EV_RECORD_ADD', { login: 1001, cmd: 'OP_BUY' })(trade));
    await world.publish(topics.account, broker('EV_RECORD_ADD', { login: 5002, group: 'real-a' })(account));
    await world.drained();
    const records = await world.records();
    const started = records.map(({ run_id }) => run_id);
    expect(started).toEqual(
      expect.arrayContaining([
        brokerRunId(tradeRule, trade, topics.trade),
        brokerRunId(accountRule, account, topics.account),
      ]),
    );
    expect(records.filter((run) => run.rule_id === tradeRule && run.event_id === account)).toEqual([]);
    expect(records.filter((run) => run.rule_id === accountRule && run.event_id === trade)).toEqual([]);
    for (const id of [tradeRule, accountRule]) await world.rules.delete(id, 'test');
  });
});

describe('crm.events', () => {
  it.each([
    ['R-113 R-130', 'customer.registered'],
    ['R-131', 'customer.deposited'],
    ['R-132', 'customer.ftd'],
    ['R-133', 'customer.withdrew'],
    ['R-134', 'customer.traded'],
    ['R-135', 'customer.status_changed'],
    ['R-136', 'customer.retention_changed'],
    ['R-137', 'call.no_answer'],
    ['R-138', 'call.completed'],
    ['R-139', 'task.overdue'],
    ['R-140', 'customer.inactive_days'],
    ['R-141', 'loyalty.points_expired_yesterday'],
  ])('%s %s starts the rules for it', (_, trigger) => expectStart(trigger, topics.crm, plain(trigger)));

  it('takes a structured CloudEvent', () =>
    expectStart('customer.ftd', topics.crm, (id) => ({
      headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
      value: { specversion: '1.0', id, source: '/crm', type: 'customer.ftd', brand: 'alpha', data: { amount: 1 } },
    })));

  it('takes a binary CloudEvent', () =>
    expectStart('customer.ftd', topics.crm, (id) => ({
      headers: { ce_specversion: '1.0', ce_id: id, ce_source: '/crm', ce_type: 'customer.ftd', ce_brand: 'alpha' },
      value: { amount: 1 },
    })));
});

describe('a started workflow', () => {
  it('can be found in Temporal by what operators know of it', async () => {
    const name = 'Large deposit of a "VIP" – München';
    const rule = await world.rule({ name, trigger_event: 'deposit.created', brand: 'alpha' });
    await world.rulesLive(ingress);
    const eventId = uniqueName('evt');
    const record = { order: 7, login: 1001, cmd: 'OP_BALANCE_IN', amount_usd: 12.5 };
    await world.publish(topics.trade, broker('EV_RECORD_ADD', record)(eventId));
    await world.drained();
    const description = await world.temporal.workflow.getHandle(brokerRunId(rule, eventId, topics.trade)).describe();
    const attributes = description.typedSearchAttributes;
    expect(await description.staticSummary()).toBe(name);
    expect(attributes.get(searchAttributes.ruleId)).toBe(rule);
    expect(attributes.get(searchAttributes.brand)).toBe('alpha');
    expect(attributes.get(searchAttributes.triggerEvent)).toBe('deposit.created');
    expect(attributes.get(searchAttributes.eventId)).toBe(eventId);
    expect(attributes.get(searchAttributes.customerId)).toBe('c-1');
    expect(attributes.get(searchAttributes.login)).toBe(1001);
    await world.rules.delete(rule, 'test');
  });
});
