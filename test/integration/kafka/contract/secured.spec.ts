/** A cluster that wants TLS and a user. In processes of their own: Node reads whom it trusts when a process begins. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { brokerUser, startKafkaBroker, type TestBroker } from '../../../support/kafka-broker.ts';
import {
  connectKafka,
  newTopic,
  numbered,
  startMemberProcess,
  stopMembers,
  type MemberProcess,
} from '../../../support/kafka-contract.ts';
import { uniqueName } from '../../../support/servers.ts';

type Mechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

let broker: TestBroker;
beforeAll(async () => {
  broker = await startKafkaBroker();
  await broker.addScramUser('SCRAM-SHA-256');
  await broker.addScramUser('SCRAM-SHA-512');
});
afterEach(stopMembers);
afterAll(() => broker?.close());

/** Publishes over its connection, and consumes what it has published. */
async function start(
  mechanism: Mechanism,
  { password = brokerUser.password, trusts = true } = {},
): Promise<MemberProcess> {
  const topic = await newTopic(connectKafka({ brokers: [broker.address] }));
  return startMemberProcess({
    settings: {
      brokers: [broker.secureAddress],
      tls: true,
      saslMechanism: mechanism,
      username: brokerUser.name,
      password: password,
    },
    groupId: uniqueName('group'),
    topic,
    values: numbered(20),
    env: trusts ? { NODE_EXTRA_CA_CERTS: broker.certificateFile } : {},
  });
}

describe.each<Mechanism>(['plain', 'scram-sha-256', 'scram-sha-512'])(
  'with TLS and a user known by %s',
  (mechanism) => {
    it('messages go in and out', async () => {
      const member = await start(mechanism);
      await expect.poll(() => member.seen.map(({ value }) => value)).toEqual(numbered(20));
    });

    it('another password is refused', async () => {
      const member = await start(mechanism, { password: 'another' });
      expect(await member.ended).toMatch(/authentication failed/i);
      expect(member.seen).toEqual([]);
    });
  },
);

it('a certificate that nobody trusts is refused', async () => {
  const member = await start('plain', { trusts: false });
  expect(await member.ended).toContain('self-signed certificate');
});
