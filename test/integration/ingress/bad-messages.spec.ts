/** One message that cannot be processed, whatever is wrong with it, costs the others nothing. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { hasConsumedUntil } from '#libs/kafka/consumer-lag.ts';
import type { MessageHeaders } from '#libs/kafka/message.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { foreignKafka } from '../../support/foreign-kafka.ts';
import { IngressWorld, until, type RunningIngress } from '../../support/ingress.ts';
import { withNullHeaders } from '../../support/null-headers.ts';
import { uniqueName } from '../../support/servers.ts';

let world: IngressWorld;

beforeAll(async () => {
  world = await IngressWorld.create();
  await world.directory.load({ groups: [{ name: 'north-usd', brand: 'north' }] });
});
afterEach(() => world.reset());
afterAll(() => world.close());

const key = 'one partition';
const deposit = (id: string) => ({ key, value: { id, type: 'customer.deposited', brand: 'north', data: {} } });

async function started(more: Parameters<IngressWorld['startIngress']>[0] = {}): Promise<RunningIngress> {
  await world.rule({ trigger_event: 'customer.deposited' });
  const ingress = await world.startIngress(more);
  await world.rulesLive(ingress);
  return ingress;
}

/** Ids of the events that runs were recorded for, of those that begin with the prefix. */
async function ran(prefix: string): Promise<string[]> {
  const records = await world.records();
  return records
    .map(({ event_id }) => event_id)
    .filter((id) => id.startsWith(prefix))
    .sort();
}

it('sends to the dead letters messages with headers that hold nothing, and goes on', async () => {
  await started();
  // Null is legal in Kafka; kafkajs itself adds a function to a header named like a member of every object.
  const headers = {
    'content-type': null,
    constructor: Buffer.from('c'),
    toString: Buffer.from('s'),
    '': Buffer.from('no name'),
    trace: Buffer.from('t'),
  } as unknown as MessageHeaders;
  const attributes = {
    ce_specversion: '1.0',
    ce_type: null,
    ce_id: null,
    ce_source: null,
  } as unknown as MessageHeaders;
  await withNullHeaders(() =>
    world.publish(
      topics.crm,
      deposit('null-1'),
      { ...deposit('null-2'), headers },
      { key, value: {}, headers: attributes },
      { key, value: 'no json', headers },
      deposit('null-3'),
    ),
  );
  await world.drained();
  expect(await ran('null-')).toEqual(['null-1', 'null-2', 'null-3']);
  const letters = await world.deadLetters(2);
  expect(letters.map(({ headers: written }) => written['dead-letter.reason'])).toEqual(['invalid_event', 'not_json']);
  expect(letters[1]?.headers).toMatchObject({
    'original.trace': 't',
    'original.constructor': 'c',
    'original.toString': 's',
    'dead-letter.headers-without-value': 'content-type',
  });
});

it('sends to the dead letters a customer with a number that no store takes', async () => {
  await started();
  const registered = '{"id":"infinite","type":"customer.registered","customerId":"c-inf","data":{"risk_level":1e400}}';
  await world.publish(topics.crm, deposit('inf-1'), { key, value: registered }, deposit('inf-2'));
  await world.drained();
  expect(await ran('inf-')).toEqual(['inf-1', 'inf-2']);
  const letters = await world.deadLetters(3);
  expect(letters.at(-1)).toMatchObject({ value: registered, headers: { 'dead-letter.reason': 'invalid_event' } });
});

it('sends to the dead letters an event that a store which is up refuses, when its time to be tried ends', async () => {
  const ingress = await started({ INGRESS_RETRY_MS: '500' });
  // A customer known by his account only, whose own record then breaks a rule of the store's.
  await world.store.collection('customers').createIndex({ email: 1 }, { unique: true });
  try {
    await world.directory.load({ customers: [{ id: 'c-first', email: 'same@example.com' }] });
    await world.directory.load({ accounts: [{ login: 7001, group: 'north-usd', customer_id: 'c-second' }] });
    const data = { email: 'same@example.com' };
    const registered = { id: 'refused', type: 'customer.registered', brand: 'north', customerId: 'c-second', data };
    await world.publish(topics.crm, deposit('refuse-1'), { key, value: registered }, deposit('refuse-2'));
    await world.drained();
  } finally {
    await world.store.collection('customers').dropIndex('email_1');
  }
  expect(await ran('refuse-')).toEqual(['refuse-1', 'refuse-2']);
  const letters = await world.deadLetters(4);
  expect(letters.at(-1)?.headers).toMatchObject({ 'dead-letter.reason': 'dependency_refuses' });
  expect(letters.at(-1)?.headers['dead-letter.message']).toContain('store is up and has failed this for 500 ms');
  expect(ingress.logs.some(({ msg }) => msg.startsWith('store is away'))).toBe(false);
});

it('commits past what an aborted transaction leaves at the end of a partition', async () => {
  await started();
  const producer = foreignKafka().producer({
    transactionalId: uniqueName('tx'),
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await producer.connect();
  const topic = `${world.config.kafka.topicPrefix}${topics.crm}`;
  const encode = (id: string) => ({ key, value: JSON.stringify(deposit(id).value) });
  await world.publish(topics.crm, deposit('tx-1'));
  await world.drained();
  const committed = await producer.transaction();
  await committed.send({ topic, messages: [encode('tx-2')] });
  await committed.commit();
  const aborted = await producer.transaction();
  await aborted.send({ topic, messages: [encode('tx-aborted')] });
  await aborted.abort();
  await producer.disconnect();
  await world.drained();
  expect(await ran('tx-')).toEqual(['tx-1', 'tx-2']);
  await withAdmin(world.kafka, (admin) =>
    until('nothing holds up who waits for the group', () =>
      hasConsumedUntil(admin, world.config.kafka.groupId, [topic], Date.now()),
    ),
  );
});
