/** Conditions on a customer: by what the event says, then by what the events before it have said. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { IngressWorld, type RunningIngress } from '../../support/ingress.ts';
import { uniqueName } from '../../support/servers.ts';

let world: IngressWorld;
let ingress: RunningIngress;

beforeAll(async () => {
  world = await IngressWorld.create();
  ingress = await world.startIngress({ CUSTOMER_EVENTS: '{"crm.moved":{"desk":"to_desk"}}' });
});
afterAll(() => world.close());

const is = (field: string, value: string | number) => ({ field: `customer.${field}`, operator: 'eq' as const, value });
const event = (type: string, customerId: string, data: object, more: object = {}) => ({
  key: 'one partition',
  value: { id: uniqueName('evt'), type, brand: 'alpha', customerId, data, ...more },
});
const runsOf = async (rule: string): Promise<RunRecord[]> =>
  (await world.records()).filter(({ rule_id }) => rule_id === rule);
async function customersOf(rule: string, ...messages: ReturnType<typeof event>[]): Promise<(string | null)[]> {
  await world.rulesLive(ingress);
  await world.publish(topics.crm, ...messages);
  await world.drained();
  return (await runsOf(rule)).map(({ customer_id }) => customer_id).sort((a, b) => String(a).localeCompare(String(b)));
}
const retentionRule = () =>
  world.rule({ trigger_event: 'customer.retention_changed', conditions: is('retention_status', 'churning') });

describe('a change of the retention class', () => {
  it('R-136 R-188 R-189 runs by the class it names, whatever the directory has said before', async () => {
    const [churning, active, unknown] = [uniqueName('a'), uniqueName('b'), uniqueName('c')];
    await world.directory.load({
      customers: [
        { id: churning, retention_status: 'churning' },
        { id: active, retention_status: 'active' },
      ],
    });
    const rule = await retentionRule();
    const found = await customersOf(
      rule,
      event('customer.retention_changed', churning, { from: 'churning', to: 'active' }),
      event('customer.retention_changed', active, { from: 'active', to: 'churning' }),
      event('customer.retention_changed', unknown, { to: 'churning' }),
    );
    expect(found).toEqual([active, unknown]);
    const stored = await world.directory.customers([churning, active, unknown]);
    expect([...stored.values()].map(({ retention_status }) => retention_status)).toEqual([
      'active',
      'churning',
      'churning',
    ]);
  });

  it('is known to the events behind it, and an older one that comes late changes nothing', async () => {
    const id = uniqueName('customer');
    const rule = await world.rule({ trigger_event: 'customer.deposited', conditions: is('retention_status', 'vip') });
    const changed = (to: string, second: number) =>
      event('customer.retention_changed', id, { to }, { occurredAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second)) });
    expect(await customersOf(rule, changed('vip', 5), event('customer.deposited', id, {}))).toEqual([id]);
    await customersOf(rule, changed('plain', 3));
    expect(await customersOf(rule, event('customer.deposited', id, {}))).toEqual([id, id]);
  });
});

describe('an event says how its customer is now', () => {
  it.each([
    ['customer.status_changed', { kind: 'sales', status: 'vip', status_id: 7 }, is('sales_status', 'vip')],
    ['customer.status_changed', { kind: 'kyc', to: 'verified' }, is('kyc_status', 'verified')],
    ['customer.registered', { country: 'BR' }, is('country', 'BR')],
    ['customer.ftd', { sales_status: 'depositor' }, is('sales_status', 'depositor')],
    ['customer.assigned', { manager_id: '11' }, is('assigned_manager_id', 11)],
    ['customer.risk_changed', { to: 'high' }, is('risk_level', 'high')],
    ['crm.moved', { to_desk: 'retention' }, is('desk', 'retention')],
    ['any.other', { customer: { kyc_current_level: 3 } }, is('kyc_current_level', 3)],
  ])('%s %j', async (trigger_event, data, conditions) => {
    const known = uniqueName('customer');
    await world.directory.load({ customers: [{ id: known, sales_status: 'new', sales_status_id: 1 }] });
    const rule = await world.rule({ trigger_event, conditions });
    expect(await customersOf(rule, event(trigger_event, known, data))).toEqual([known]);
    // And so says the directory, to every rule after it.
    const later = uniqueName('trigger');
    const next = await world.rule({ trigger_event: later, conditions });
    expect(await customersOf(next, event(later, known, {}))).toEqual([known]);
  });

  it('forgets the id of a status of which an event names the code alone', async () => {
    const id = uniqueName('customer');
    await world.directory.load({ customers: [{ id, sales_status: 'new', sales_status_id: 1 }] });
    await world.publish(topics.crm, event('customer.status_changed', id, { kind: 'sales', status: 'vip' }));
    await world.drained();
    expect((await world.directory.customers([id])).get(id)).toMatchObject({
      sales_status: 'vip',
      sales_status_id: null,
    });
  });

  it('sends to the dead letters one whose value cannot be what it has to be', async () => {
    await world.publish(topics.crm, event('customer.assigned', uniqueName('customer'), { manager_id: 'Ana' }));
    const [letter] = await world.deadLetters(1);
    expect(letter?.headers['dead-letter.message']).toContain('data.manager_id');
  });
});
