/** `kill -9` of a consuming process and of the broker: when they come back, nothing is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { SendError } from '#libs/kafka/ports.ts';
import { startKafkaBroker } from '../../../support/kafka-broker.ts';
import {
  committed,
  connectKafka,
  gapsIn,
  newTopic,
  numbered,
  publish,
  startMember,
  startMemberProcess,
  stopMembers,
  valuesOf,
} from '../../../support/kafka-contract.ts';
import { servers, uniqueName } from '../../../support/servers.ts';

afterEach(stopMembers);

it('a process: the next member goes on where it was committed, and nothing is passed over', async () => {
  const kafka = connectKafka();
  const topic = await newTopic(kafka, 2);
  const groupId = uniqueName('group');
  await publish(kafka, topic, numbered(400), (value) => value);
  const settings = { brokers: servers().kafka, tls: false };
  const doomed = startMemberProcess({ settings, groupId, topic, workMs: 20 });
  const isUnderWay = async () => (await committed(kafka, groupId, topic)).size === 2 && doomed.seen.length > 100;
  await expect.poll(isUnderWay).toBe(true);
  await doomed.kill();
  const from = await committed(kafka, groupId, topic);
  for (const [partition, offset] of from) {
    // What is committed had been processed.
    const own = doomed.seen.filter((seen) => seen.partition === partition).map((seen) => seen.offset);
    expect(own).toEqual(expect.arrayContaining(numbered(Number(offset)).map(Number)));
  }
  const next = startMember(kafka, { topic, groupId });
  const seen = () => new Set([...doomed.seen.map(({ value }) => value), ...valuesOf(next.done)]);
  await expect.poll(() => seen().size).toBe(400);
  for (const [partition, offset] of from) {
    const own = next.done.filter((call) => call.partition === partition);
    expect(own[0]?.first).toBe(offset);
    expect(gapsIn(own, offset)).toEqual([]);
  }
});

it('the broker: producer, consumer and admin go on with it, and everything it took is delivered', async () => {
  const broker = await startKafkaBroker();
  const kafka = connectKafka({ brokers: [broker.address] });
  const producer = kafka.producer();
  const admin = kafka.admin();
  try {
    const topic = await newTopic(kafka, 2);
    const groupId = uniqueName('group');
    const failures: unknown[] = [];
    const ending = new AbortController();
    const publishing = (async () => {
      let count = 0;
      for (; !ending.signal.aborted; count += 1) {
        const message = { topic, key: String(count), value: String(count) };
        // Until Kafka has it: a failure leaves open whether it arrived.
        while (
          !(await producer.send([message]).then(
            () => true,
            (error: unknown) => !failures.push(error),
          ))
        ) {
          await sleep(100);
        }
        await sleep(5);
      }
      return count;
    })();
    const member = startMember(kafka, { topic, groupId, work: () => sleep(5) });
    await expect.poll(() => valuesOf(member.done).length).toBeGreaterThan(100);
    await broker.kill();
    await expect(admin.listTopics()).rejects.toBeInstanceOf(Error);
    await expect.poll(() => failures.length).toBeGreaterThan(0);
    await broker.start();
    const before = valuesOf(member.done).length;
    await expect.poll(() => valuesOf(member.done).length).toBeGreaterThan(before + 100);
    ending.abort();
    const count = await publishing;
    await expect.poll(() => new Set(valuesOf(member.done)).size).toBe(count);
    expect(failures.filter((error) => !(error instanceof SendError))).toEqual([]);
    expect(gapsIn(member.done)).toEqual([]);
    expect(await admin.listTopics()).toContain(topic);
    const ends = (await admin.listOffsets(topic)).map(({ partition, latest }) => [partition, latest] as const);
    await expect.poll(() => committed(kafka, groupId, topic)).toEqual(new Map(ends));
  } finally {
    await stopMembers();
    await producer.close();
    await admin.close();
    await broker.close();
  }
});
