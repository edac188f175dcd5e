/** Events about accounts: decided by what was known when they happened, however late or often they are read. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { createWaitingEvents } from '#libs/store/events/waiting-event.repository.ts';
import { IngressWorld, type RunningIngress, type TestMessage } from '../../support/ingress.ts';
import { uniqueName } from '../../support/servers.ts';

let world: IngressWorld;
let ingress: RunningIngress;
let nextLogin = 50_000;

const patient = { timeout: 60_000 };
const at = (second: number) => new Date(Date.UTC(2026, 5, 1, 0, 0, second)).toISOString();
const account = (event: string, login: number, record: object = {}, more: object = {}): TestMessage => ({
  key: String(login),
  value: { id: uniqueName('account'), event, record: { login, group: 'real-a', ...record }, ...more },
});
const trade = (login: number, more: object = {}) => ({
  key: String(login),
  value: { id: uniqueName('trade'), event: 'EV_RECORD_ADD', record: { login, cmd: 'OP_BALANCE_IN' }, ...more },
});
const runsOf = async (rule: string): Promise<RunRecord[]> =>
  (await world.records()).filter(({ rule_id }) => rule_id === rule);

beforeAll(async () => {
  world = await IngressWorld.create();
  await world.directory.load({
    groups: [
      { name: 'real-a', brand: 'alpha' },
      { name: 'real-b', brand: 'beta' },
    ],
  });
});
beforeEach(async () => void (ingress = await world.startIngress({ KAFKA_GROUP_ID: world.newGroup() })));
afterEach(() => world.reset());
afterAll(() => world.close());

describe('an event whose account or group is not known yet', () => {
  it('holds nothing up when an account is in an unknown group', async () => {
    await world.rule({ trigger_event: 'account:added' });
    const rule = await world.rule({ trigger_event: 'customer.deposited' });
    await world.rulesLive(ingress);
    await world.publish(topics.account, account('EV_RECORD_ADD', nextLogin++, { group: uniqueName('group') }));
    const deposits = Array.from({ length: 6 }, () => uniqueName('evt'));
    const value = (id: string) => ({ id, type: 'customer.deposited', brand: 'alpha', data: {} });
    await world.publish(topics.crm, ...deposits.map((id) => ({ value: value(id) })));
    await expect.poll(() => runsOf(rule), patient).toHaveLength(6);
    await world.drained(ingress.config.kafka.groupId);
  });

  it('runs once its group is loaded', async () => {
    const rule = await world.rule({ trigger_event: 'account:added', brand: 'beta' });
    await world.rulesLive(ingress);
    const name = uniqueName('group');
    await world.publish(topics.account, account('EV_RECORD_ADD', nextLogin++, { group: name }));
    await world.drained(ingress.config.kafka.groupId);
    expect(await runsOf(rule)).toEqual([]);
    await world.directory.load({ groups: [{ name, brand: 'beta' }] });
    await expect.poll(() => runsOf(rule), patient).toHaveLength(1);
  });

  it('runs when the account comes, be it long behind others on its topic', async () => {
    const rule = await world.rule({ trigger_event: 'deposit.created', brand: 'alpha' });
    await world.rulesLive(ingress);
    const login = nextLogin++;
    await world.publish(topics.trade, trade(login));
    await world.drained(ingress.config.kafka.groupId);
    expect(await runsOf(rule)).toEqual([]);
    const others = Array.from({ length: 1600 }, () => account('EV_RECORD_UPDATE', nextLogin++));
    await world.publish(topics.account, ...others, account('EV_RECORD_ADD', login));
    await expect.poll(() => runsOf(rule), patient).toHaveLength(1);
    expect((await runsOf(rule))[0]).toMatchObject({ brand: 'alpha', login });
    const waits = () => createWaitingEvents(world.store).waitingFor(`login:${login}`, '', 10);
    await expect.poll(waits, patient).toEqual([]);
  });

  it('runs when another ingress of the group learns of the account', async () => {
    const rule = await world.rule({ trigger_event: 'deposit.created', brand: 'alpha' });
    const second = await world.startIngress({ KAFKA_GROUP_ID: ingress.config.kafka.groupId });
    await Promise.all([world.rulesLive(ingress), world.rulesLive(second)]);
    const logins = Array.from({ length: 40 }, () => nextLogin++);
    await world.publish(topics.trade, ...logins.map((login) => trade(login)));
    await world.publish(topics.account, ...logins.map((login) => account('EV_RECORD_ADD', login)));
    await expect.poll(() => runsOf(rule), patient).toHaveLength(40);
  });

  it('of the CRM runs the rules of no brand after all, and not before account.push has been read up to it', async () => {
    await ingress.close();
    const trigger = uniqueName('trigger');
    const own = await world.rule({ trigger_event: trigger, brand: 'alpha' });
    const every = await world.rule({ trigger_event: trigger });
    const again = await world.startIngress({ KAFKA_GROUP_ID: ingress.config.kafka.groupId, ACCOUNT_WAIT_CRM_MS: '1' });
    await world.rulesLive(again);
    const [known, unknown] = [nextLogin++, nextLogin++];
    const crm = (login: number) => ({ value: { id: uniqueName('evt'), type: trigger, login, data: {} } });
    await world.publish(topics.crm, crm(known), crm(unknown));
    await world.publish(topics.account, account('EV_RECORD_ADD', known));
    await expect.poll(() => runsOf(every), patient).toHaveLength(2);
    expect((await runsOf(own)).map(({ login }) => login)).toEqual([known]);
  });

  it('is kept when it has waited in vain, and decided again when somebody asks for it', async () => {
    await ingress.close();
    const rule = await world.rule({ trigger_event: 'deposit.created', brand: 'alpha' });
    const again = await world.startIngress({ KAFKA_GROUP_ID: world.newGroup() });
    await world.rulesLive(again);
    const login = nextLogin++;
    const message = trade(login);
    await world.publish(topics.trade, message);
    const waiting = createWaitingEvents(world.store);
    await expect.poll(() => waiting.waitingFor(`login:${login}`, '', 10), patient).toHaveLength(1);
    const ended = { $set: { until: at(0) } };
    await world.store.collection('waiting_events').updateMany({}, ended);
    const givenUp = async () => (await waiting.list('given_up', 100)).filter(({ event }) => event.login === login);
    await expect.poll(givenUp, patient).toHaveLength(1);
    await world.directory.load({ accounts: [{ login, group: 'real-a' }] });
    expect(await waiting.retry(message.value.id, new Date().toISOString())).toBe(1);
    await expect.poll(() => runsOf(rule), patient).toHaveLength(1);
    await expect.poll(givenUp, patient).toEqual([]);
  });
});

describe('an account that an operator loads', () => {
  it('belongs to its new brand for the events behind that, though it was known before', async () => {
    const rules = [
      await world.rule({ trigger_event: 'deposit.created', brand: 'alpha' }),
      await world.rule({ trigger_event: 'deposit.created', brand: 'beta' }),
    ];
    await world.rulesLive(ingress);
    const login = nextLogin++;
    for (const group of ['real-a', 'real-b']) {
      await world.directory.load({ accounts: [{ login, group }] });
      await world.publish(topics.trade, trade(login));
      await world.drained(ingress.config.kafka.groupId);
    }
    expect((await runsOf(rules[0]!)).map(({ brand }) => brand)).toEqual(['alpha']);
    expect((await runsOf(rules[1]!)).map(({ brand }) => brand)).toEqual(['beta']);
  });
});

describe('after a backlog', () => {
  it('an earlier trade belongs to the brand of which its account was then', async () => {
    const rules = [
      await world.rule({ trigger_event: 'deposit.created', brand: 'alpha' }),
      await world.rule({ trigger_event: 'deposit.created', brand: 'beta' }),
    ];
    await world.rulesLive(ingress);
    const login = nextLogin++;
    await world.publish(topics.account, account('EV_RECORD_ADD', login, {}, { occurredAt: at(1) }));
    await world.publish(topics.account, account('EV_RECORD_UPDATE', login, { group: 'real-b' }, { occurredAt: at(5) }));
    await world.publish(topics.account, account('EV_RECORD_DELETE', login, { group: 'real-b' }, { occurredAt: at(9) }));
    await world.drained(ingress.config.kafka.groupId);
    for (const second of [3, 7, 10]) await world.publish(topics.trade, trade(login, { occurredAt: at(second) }));
    await world.drained(ingress.config.kafka.groupId);
    expect((await runsOf(rules[0]!)).map(({ brand }) => brand)).toEqual(['alpha']);
    expect((await runsOf(rules[1]!)).map(({ brand }) => brand)).toEqual(['beta']);
  });
});

describe('an account event from the future', () => {
  it('outlasts neither the changes behind it nor what an operator loads', async () => {
    const rule = await world.rule({ trigger_event: 'deposit.created', brand: 'beta' });
    await world.rulesLive(ingress);
    const login = nextLogin++;
    await world.publish(topics.account, account('EV_RECORD_ADD', login, {}, { occurredAt: '2206-01-01T00:00:00Z' }));
    await world.publish(topics.account, account('EV_RECORD_UPDATE', login, { group: 'real-b' }));
    await world.drained(ingress.config.kafka.groupId);
    await world.publish(topics.trade, trade(login));
    await expect.poll(() => runsOf(rule), patient).toHaveLength(1);
    const warned = ingress.logs.filter(({ msg }) => msg.startsWith('the time of an event lies ahead'));
    expect(warned).toMatchObject([{ login, topic: topics.account }]);
    await world.publish(topics.account, account('EV_RECORD_UPDATE', login, {}, { occurredAt: '2206-01-01T00:00:00Z' }));
    await world.drained(ingress.config.kafka.groupId);
    await world.directory.load({ accounts: [{ login, group: 'real-b' }] });
    await world.publish(topics.account, account('EV_RECORD_UPDATE', login, { group: 'real-b', name: 'later' }));
    await world.drained(ingress.config.kafka.groupId);
    expect((await world.directory.accounts([login])).get(login)).toMatchObject({ group: 'real-b', name: 'later' });
  });

  it('is still in the order of its partition when every clock of its server is three hours ahead', async () => {
    const login = nextLogin++;
    const ahead = (minutes: number) => ({ occurredAt: new Date(Date.now() + minutes * 60_000).toISOString() });
    await world.publish(topics.account, account('EV_RECORD_ADD', login, { name: 'first' }, ahead(180)));
    await world.publish(topics.account, account('EV_RECORD_UPDATE', login, { name: 'second' }, ahead(179)));
    await world.drained(ingress.config.kafka.groupId);
    expect((await world.directory.accounts([login])).get(login)?.name).toBe('second');
  });
});
