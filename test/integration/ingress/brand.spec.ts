/** Whose rules run: the brand of an event, resolved through the trading group. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { IngressWorld, type LogLine, type RunningIngress } from '../../support/ingress.ts';
import { uniqueName } from '../../support/servers.ts';

let world: IngressWorld;
let ingress: RunningIngress;

beforeAll(async () => {
  world = await IngressWorld.create();
  await world.directory.load({
    groups: [
      { name: 'real-a', brand: 'alpha' },
      { name: 'real-b', brand: 'beta' },
      { name: 'no brand', brand: null },
    ],
    accounts: [
      { login: 1001, group: 'real-a', customer_id: 'c-1' },
      { login: 1002, group: 'real-a' },
      { login: 2001, group: 'real-b', customer_id: 'c-2' },
      { login: 3001, group: 'no brand' },
      { login: 3002, group: 'unknown group' },
      { login: 4001, group: 'real-a' },
      { login: 4002, group: 'real-a' },
      { login: 4003, group: 'real-a' },
      { login: 4004, group: 'real-a' },
    ],
    // The customer's own brand says another one on purpose.
    customers: [
      { id: 'c-1', brand: 'beta' },
      { id: 'c-2', brand: 'alpha' },
      { id: 'c-3', brand: 'alpha' },
      { id: 'c-4', logins: [4001, 4002, 4003] },
      { id: 'c-5', logins: [4004] },
    ],
  });
  ingress = await world.startIngress({ CUSTOMER_ACCOUNTS_MAX: '3' });
});

afterAll(() => world.close());

/** Loads one rule for each brand and one for all of them, publishes, and says which of them ran. */
async function brandsRun(trigger: string, topic: string, value: Record<string, unknown>): Promise<(string | null)[]> {
  const rules = new Map<string, string | null>();
  for (const brand of ['alpha', 'beta', null]) rules.set(await world.rule({ trigger_event: trigger, brand }), brand);
  await world.rulesLive(ingress);
  await world.publish(topic, { value });
  await world.drained();
  const ran = (await world.records()).filter(({ event_id }) => event_id === value['id']);
  for (const id of rules.keys()) await world.rules.delete(id, 'test');
  return ran.map(({ rule_id }) => rules.get(rule_id) ?? null).sort((a, b) => String(a).localeCompare(String(b)));
}

function warningsOf(eventId: string): LogLine[] {
  return ingress.logs.filter((line) => line.level === 40 && line['eventId'] === eventId);
}

const trade = (login: number) => ({
  id: uniqueName('evt'),
  event: 'EV_RECORD_ADD',
  record: { order: 1, login, cmd: 'OP_BUY' },
});
const account = (event: string, record: object) => ({ id: uniqueName('evt'), event, record });
const crm = (more: object) => ({ id: uniqueName('evt'), type: 'customer.deposited', data: {}, ...more });

describe('a broker event', () => {
  it('R-030 R-031 R-036 R-037 R-039 runs the rules of the brand of the account’s group, whatever the customer’s brand', async () => {
    expect(await brandsRun('trade.opened', topics.trade, trade(1001))).toEqual(['alpha', null]);
    expect(await brandsRun('trade.opened', topics.trade, trade(2001))).toEqual(['beta', null]);
  });

  it('R-038 works for an account without a customer', async () => {
    expect(await brandsRun('trade.opened', topics.trade, trade(1002))).toEqual(['alpha', null]);
  });

  it.each([
    ['an unknown login', 9999],
    ['a group without a brand', 3001],
    ['an unknown group', 3002],
  ])('R-040 R-041 R-042 with %s starts nothing, fails nothing, and is warned of once', async (_, login) => {
    const event = trade(login);
    expect(await brandsRun('trade.opened', topics.trade, event)).toEqual([]);
    expect(warningsOf(event.id)).toEqual([expect.objectContaining({ login, trigger: 'trade.opened' })]);
  });

  it('R-043 about a deleted account takes the brand from its own group', async () => {
    await brandsRun('account:added', topics.account, account('EV_RECORD_ADD', { login: 6001, group: 'real-a' }));
    const event = account('EV_RECORD_DELETE', { login: 6001, group: 'real-b' });
    expect(await brandsRun('account:deleted', topics.account, event)).toEqual(['beta', null]);
  });

  it('changes the directory before it is matched, and for the events after it', async () => {
    const added = account('EV_RECORD_ADD', { login: 6002, group: 'real-b' });
    expect(await brandsRun('account:added', topics.account, added)).toEqual(['beta', null]);
    expect(await brandsRun('trade.opened', topics.trade, trade(6002))).toEqual(['beta', null]);
    await brandsRun('account:updated', topics.account, account('EV_RECORD_UPDATE', { login: 6002, group: 'real-a' }));
    expect(await brandsRun('trade.opened', topics.trade, trade(6002))).toEqual(['alpha', null]);
  });
});

describe('a CRM event', () => {
  it('belongs to the brand its envelope names', async () => {
    const event = crm({ brand: 'beta', customerId: 'c-1' });
    expect(await brandsRun('customer.deposited', topics.crm, event)).toEqual(['beta', null]);
  });

  it('belongs to the brand of its login’s group when it names none', async () => {
    expect(await brandsRun('customer.deposited', topics.crm, crm({ login: 2001 }))).toEqual(['beta', null]);
  });

  it('belongs to the brand of its customer’s account when it names no login either', async () => {
    expect(await brandsRun('customer.deposited', topics.crm, crm({ customerId: 'c-1' }))).toEqual(['alpha', null]);
  });

  it('of a customer with more accounts than the limit gets no brand, and the warning says why', async () => {
    const [within, beyond] = [crm({ customerId: 'c-4' }), crm({ customerId: 'c-4' })];
    expect(await brandsRun('customer.deposited', topics.crm, within)).toEqual(['alpha', null]);
    const moved = account('EV_RECORD_UPDATE', { login: 4004, group: 'real-a', customer_id: 'c-4' });
    await brandsRun('account:updated', topics.account, moved);
    expect(await brandsRun('customer.deposited', topics.crm, beyond)).toEqual([null]);
    const why = expect.stringContaining('its customer has more accounts than CUSTOMER_ACCOUNTS_MAX');
    expect(warningsOf(beyond.id)).toEqual([expect.objectContaining({ msg: why })]);
  });

  it('of no brand runs only the rules of every brand, with a warning', async () => {
    const event = crm({ customerId: 'c-3' });
    expect(await brandsRun('customer.deposited', topics.crm, event)).toEqual([null]);
    expect(warningsOf(event.id)).toHaveLength(1);
  });
});

it('R-027 carries trade, account, customer and brand into the run', async () => {
  const conditions = {
    match: 'all' as const,
    rules: [
      { field: 'brand', operator: 'eq' as const, value: 'alpha' },
      { field: 'trade.login', operator: 'eq' as const, value: 1001 },
      { field: 'account.group', operator: 'eq' as const, value: 'real-a' },
      { field: 'customer.brand', operator: 'eq' as const, value: 'beta' },
    ],
  };
  const rule = await world.rule({ trigger_event: 'trade.opened', conditions });
  await world.rulesLive(ingress);
  const event = trade(1001);
  await world.publish(topics.trade, { value: event });
  await world.drained();
  const records = (await world.records()).filter(({ rule_id }) => rule_id === rule);
  expect(records).toMatchObject([{ event_id: event.id, brand: 'alpha', login: 1001, customer_id: 'c-1' }]);
});

it('R-175 shows rules that an account is frozen, in trades and in events about the account itself', async () => {
  const conditions = {
    match: 'all' as const,
    rules: [{ field: 'account.frozen', operator: 'eq' as const, value: true }],
  };
  const rules = new Set<string>();
  for (const trigger_event of ['trade.opened', 'account:updated', 'account:deleted']) {
    rules.add(await world.rule({ trigger_event, conditions }));
  }
  await world.rulesLive(ingress);
  const record = { login: 1002, group: 'real-a', frozen: false };
  const ranAfter = async (topic: string, event: { id: string }): Promise<boolean> => {
    await world.publish(topic, { value: event });
    await world.drained();
    return (await world.records()).some(({ event_id, rule_id }) => event_id === event.id && rules.has(rule_id));
  };
  // The ingress knows the account by now, as one that is not frozen.
  expect(await ranAfter(topics.trade, trade(1002))).toBe(false);
  expect(await ranAfter(topics.account, account('EV_RECORD_UPDATE', { ...record, frozen: true }))).toBe(false);
  await world.directory.freezeAccounts(
    [1002],
    { reason: 'Chargeback', at: new Date().toISOString() },
    uniqueName('key'),
  );
  expect(await ranAfter(topics.trade, trade(1002))).toBe(true);
  expect(await ranAfter(topics.account, account('EV_RECORD_UPDATE', record))).toBe(true);
  expect(await ranAfter(topics.trade, trade(1002))).toBe(true);
  expect(await ranAfter(topics.account, account('EV_RECORD_DELETE', record))).toBe(true);
});
