/** What names an event, a topic and an offset, and what is known of each. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { reopenRange } from '../../../apps/cli/reopen-range.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { askAsOperator } from '../../support/foreign-kafka.ts';
import { IngressWorld, type RunningIngress, type TestMessage } from '../../support/ingress.ts';
import { uniqueName } from '../../support/servers.ts';

let world: IngressWorld;
let ingress: RunningIngress;
const patient = { timeout: 60_000 };

beforeAll(async () => void (world = await IngressWorld.create()));
beforeEach(async () => void (ingress = await world.startIngress({ KAFKA_GROUP_ID: world.newGroup() })));
afterEach(() => world.reset());
afterAll(() => world.close());

const group = () => ingress.config.kafka.groupId;
const runsOf = async (rule: string): Promise<RunRecord[]> =>
  (await world.records()).filter(({ rule_id }) => rule_id === rule);
const plain = (type: string, more: object = {}): TestMessage => ({
  key: 'one partition',
  value: { type, brand: 'alpha', data: { note: uniqueName('note') }, ...more },
});
const name = (topic: string) => `${world.config.kafka.topicPrefix}${topic}`;

function remakeTopic(topic: string): Promise<void> {
  return askAsOperator(async (admin) => {
    await admin.deleteTopics({ topics: [name(topic)] });
    await expect.poll(() => admin.listTopics(), patient).not.toContain(name(topic));
    await admin.createTopics({ topics: [{ topic: name(topic), numPartitions: 2 }] });
    // Whoever publishes at once may find a broker that does not lead its partitions yet.
    await expect.poll(() => admin.fetchTopicOffsets(name(topic)).catch(() => []), patient).toHaveLength(2);
  });
}

async function setOffset(partition: number, offset: string): Promise<void> {
  const partitions = [{ partition, offset }];
  await askAsOperator((admin) => admin.setOffsets({ groupId: group(), topic: name(topics.crm), partitions }));
}

describe('a topic made anew', () => {
  it('is processed from its beginning, events without an id and with old timestamps included', async () => {
    const trigger = uniqueName('trigger');
    const rule = await world.rule({ trigger_event: trigger });
    await world.rulesLive(ingress);
    const old = { timestamp: String(Date.now() - 86_400_000) };
    await world.publish(topics.crm, ...Array.from({ length: 4 }, () => plain(trigger)));
    await world.drained(group());
    expect(await runsOf(rule)).toHaveLength(4);
    await ingress.close();
    await remakeTopic(topics.crm);
    await world.publish(topics.crm, ...Array.from({ length: 4 }, () => ({ ...plain(trigger), ...old })));
    await world.publish(topics.crm, { ...plain(trigger, { id: uniqueName('evt') }), ...old });
    await world.startIngress({ KAFKA_GROUP_ID: group() });
    await expect.poll(() => runsOf(rule), patient).toHaveLength(9);
  });

  it('is processed while the ingress runs', async () => {
    const trigger = uniqueName('trigger');
    const rule = await world.rule({ trigger_event: trigger });
    await world.rulesLive(ingress);
    await world.publish(topics.crm, ...Array.from({ length: 3 }, () => plain(trigger)));
    await world.drained(group());
    await remakeTopic(topics.crm);
    await world.publish(topics.crm, ...Array.from({ length: 5 }, () => plain(trigger)));
    await expect.poll(() => runsOf(rule), patient).toHaveLength(8);
  });

  it('is processed when a late commit of the topic that is gone lies at its very end', async () => {
    const trigger = uniqueName('trigger');
    const rule = await world.rule({ trigger_event: trigger });
    await world.rulesLive(ingress);
    const publish = (length: number) => world.publish(topics.crm, ...Array.from({ length }, () => plain(trigger)));
    await publish(4);
    await world.drained(group());
    const ends = () => askAsOperator((admin) => admin.fetchTopicOffsets(name(topics.crm)));
    const before = await ends();
    await ingress.close();
    await remakeTopic(topics.crm);
    const { partition, high } = before.find((end) => end.high !== '0')!;
    await publish(Number(high));
    expect(await ends()).toEqual(before);
    await setOffset(partition, high);
    await world.startIngress({ KAFKA_GROUP_ID: group() });
    await expect.poll(() => runsOf(rule), patient).toHaveLength(4 + Number(high));
  });

  it('changes an account whose last change stood further behind in the topic that is gone', async () => {
    const login = 71_001;
    const update = (name: string): TestMessage => ({
      key: String(login),
      value: { id: uniqueName('account'), event: 'EV_RECORD_UPDATE', record: { login, group: 'real-a', name } },
    });
    const nameNow = async () => (await world.directory.accounts([login])).get(login)?.name;
    await world.publish(topics.account, ...['first', 'second', 'third'].map(update));
    await expect.poll(nameNow, patient).toBe('third');
    await world.drained(group());
    await ingress.close();
    await remakeTopic(topics.account);
    await world.publish(topics.account, update('anew'));
    await world.startIngress({ KAFKA_GROUP_ID: group() });
    await expect.poll(nameNow, patient).toBe('anew');
  });
});

describe('offsets', () => {
  async function partitionOf(): Promise<{ partition: number; high: string }> {
    const ends = await askAsOperator((admin) => admin.fetchTopicOffsets(name(topics.crm)));
    return ends.toSorted((a, b) => Number(b.high) - Number(a.high))[0]!;
  }

  it('that were passed over are processed when the consumer is set back to them', async () => {
    const trigger = uniqueName('trigger');
    const rule = await world.rule({ trigger_event: trigger });
    await world.rulesLive(ingress);
    await world.publish(topics.crm, plain(trigger));
    await world.drained(group());
    await ingress.close();
    const { partition, high: passedFrom } = await partitionOf();
    await world.publish(topics.crm, ...Array.from({ length: 5 }, () => plain(trigger)));
    const { high } = await partitionOf();
    await setOffset(partition, high);
    await world.publish(topics.crm, plain(trigger));
    const forward = await world.startIngress({ KAFKA_GROUP_ID: group() });
    await expect.poll(() => runsOf(rule), patient).toHaveLength(2);
    expect(forward.logs.map(({ msg }) => msg).join()).toContain('the consumer was set forward');
    await forward.close();
    await setOffset(partition, passedFrom);
    await world.startIngress({ KAFKA_GROUP_ID: group() });
    await expect.poll(() => runsOf(rule), patient).toHaveLength(7);
  });

  it('are processed again when an operator asks, and start nothing twice', async () => {
    const trigger = uniqueName('trigger');
    const first = await world.rule({ trigger_event: trigger });
    await world.rulesLive(ingress);
    const { high: from } = await partitionOf();
    await world.publish(topics.crm, ...Array.from({ length: 3 }, () => plain(trigger)));
    const other = uniqueName('other');
    await world.publish(topics.crm, ...Array.from({ length: 2 }, () => plain(other)));
    await world.drained(group());
    const later = await world.rule({ trigger_event: other });
    const never = await world.rule({ trigger_event: trigger });
    await world.rulesLive(ingress);
    const { partition, high: to } = await partitionOf();
    const ledger = createRunLedger(world.store);
    const range = { topic: topics.crm, partition, from: BigInt(from), to: BigInt(to) };
    expect(await reopenRange(world.config.kafka, ledger, range)).toEqual({ from: range.from, to: range.to });
    // Those that matched nothing are matched by the rules of now; the others follow their first decision.
    await expect.poll(() => runsOf(later), patient).toHaveLength(2);
    expect(await runsOf(first)).toHaveLength(3);
    expect(await runsOf(never)).toEqual([]);
    await expect(
      reopenRange(world.config.kafka, ledger, { ...range, from: range.to, to: range.to + 5n }),
    ).rejects.toThrow('nothing of the range was processed before');
  });
});

describe('an event id', () => {
  const cloud = (id: string, type: string, source: string, more: object = {}) => ({
    value: { specversion: '1.0', id, type, source, data: { brand: 'visa', source }, ...more },
  });

  it('names an event of each source, brand and topic', async () => {
    const trigger = uniqueName('trigger');
    const rule = await world.rule({ trigger_event: trigger });
    const trades = await world.rule({ trigger_event: 'deposit.created' });
    await world.directory.load({
      groups: [{ name: 'real-a', brand: 'alpha' }],
      accounts: [{ login: 901, group: 'real-a' }],
    });
    await world.rulesLive(ingress);
    const id = uniqueName('evt');
    await world.publish(topics.crm, cloud(id, trigger, '/eu'), cloud(id, trigger, '/us'), cloud(id, trigger, '/asia'));
    await world.publish(topics.crm, plain(trigger, { id }), plain(trigger, { id, brand: 'beta' }));
    const record = { login: 901, cmd: 'OP_BALANCE_IN' };
    await world.publish(topics.trade, { value: { id, event: 'EV_RECORD_ADD', record } });
    await world.drained(group());
    await expect.poll(() => runsOf(rule), patient).toHaveLength(5);
    expect(await runsOf(trades)).toHaveLength(1);
    // Each once, however often it comes.
    await world.publish(topics.crm, cloud(id, trigger, '/eu'));
    await world.drained(group());
    expect(await runsOf(rule)).toHaveLength(5);
  });

  it('belongs to no brand that only the data of a CloudEvent names', async () => {
    const trigger = uniqueName('trigger');
    const rule = await world.rule({ trigger_event: trigger });
    await world.rulesLive(ingress);
    await world.publish(topics.crm, cloud(uniqueName('evt'), trigger, '/eu'));
    await world.publish(topics.crm, cloud(uniqueName('evt'), trigger, '/eu', { brand: 'alpha' }));
    await expect.poll(() => runsOf(rule), patient).toHaveLength(2);
    expect((await runsOf(rule)).map(({ brand }) => brand).sort((a, b) => String(a).localeCompare(String(b)))).toEqual([
      'alpha',
      null,
    ]);
  });
});

it('70 rules with as much as their actions may hold all run for one event', async () => {
  const trigger = uniqueName('trigger');
  const html = 'x'.repeat(250_000);
  const actions = [{ type: 'send_email', params: { to: 'a@example.com', subject: 's', html } }];
  const rules: string[] = [];
  // One after the other: in line together, the last may wait on a busy machine for longer than it may.
  while (rules.length < 70) rules.push(await world.rule({ trigger_event: trigger, actions }));
  await world.rulesLive(ingress);
  await world.publish(topics.crm, plain(trigger, { id: uniqueName('evt') }));
  const own = async () => (await world.records()).filter(({ rule_id }) => rules.includes(rule_id));
  await expect.poll(own, patient).toHaveLength(70);
  await world.drained(group());
  expect((await own()).filter(({ status }) => status !== 'claimed')).toEqual([]);
});
