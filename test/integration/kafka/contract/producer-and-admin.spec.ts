/** What the cluster is told, and what it is asked. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KafkaAdmin, KafkaProducer } from '#libs/kafka/ports.ts';
import {
  connectKafka,
  newTopic,
  numbered,
  publish,
  startMember,
  stopMember,
  stopMembers,
  valuesOf,
} from '../../../support/kafka-contract.ts';
import { uniqueName } from '../../../support/servers.ts';

const kafka = connectKafka();
let producer: KafkaProducer;
let admin: KafkaAdmin;
beforeAll(() => {
  producer = kafka.producer();
  admin = kafka.admin();
});
afterEach(stopMembers);
afterAll(() => Promise.all([producer.close(), admin.close()]));

describe('a producer', () => {
  it('says where its messages are', async () => {
    const topic = await newTopic(kafka);
    const message = { topic, key: 'k', value: 'v' };
    expect(await producer.send([message, message])).toEqual([{ topic, partition: 0, baseOffset: '0' }]);
    expect(await producer.send([message])).toEqual([{ topic, partition: 0, baseOffset: '2' }]);
  });

  it('says that the content of a message is refused, and sends the next one after any failure', async () => {
    const topic = await newTopic(kafka);
    const send = (to: string, value: string) => producer.send([{ topic: to, key: null, value }]);
    await expect(send(topic, 'x'.repeat(3_000_000))).rejects.toMatchObject({ name: 'SendError', concerns: 'content' });
    await send(topic, 'one');
    await expect(send(uniqueName('missing'), 'lost')).rejects.toMatchObject({ name: 'SendError' });
    await send(topic, 'two');
    const { calls } = startMember(kafka, { topic, groupId: uniqueName('group') });
    await expect.poll(() => valuesOf(calls)).toEqual(['one', 'two']);
  });
});

describe('an admin', () => {
  it('makes topics, leaves those that exist, and knows them by name and id', async () => {
    const topic = await newTopic(kafka, 2);
    await admin.createTopics([topic], { partitions: 5, replicationFactor: 1 });
    expect(await admin.listTopics()).toContain(topic);
    expect(await admin.listOffsets(topic)).toHaveLength(2);
    const missing = uniqueName('missing');
    const ids = await admin.topicIds([topic, missing]);
    expect([...ids.keys()]).toEqual([topic, missing]);
    expect(ids.get(topic)).toMatch(/^[\w-]{22}$/);
    expect(ids.get(missing)).toBeNull();
    expect(await admin.clusterId()).not.toBe('');
  });

  it('answers the next question after one that failed', async () => {
    await expect(admin.listOffsets(uniqueName('missing'))).rejects.toBeInstanceOf(Error);
    expect(await admin.listTopics()).not.toEqual([]);
  });

  it('knows where a time begins', async () => {
    const topic = await newTopic(kafka);
    await publish(kafka, topic, numbered(3));
    const between = Date.now() + 1;
    await expect.poll(() => Date.now()).toBeGreaterThan(between);
    await publish(kafka, topic, numbered(2));
    const from = async (time: number) => (await admin.offsetsForTime(topic, time)).map(({ offset }) => offset);
    expect(await from(between)).toEqual([3n]);
    expect(await from(-2)).toEqual([0n]);
    expect(await from(Date.now() + 60_000)).toEqual([5n]);
    expect(await admin.listOffsets(topic)).toEqual([{ partition: 0, earliest: 0n, latest: 5n }]);
  });

  it('knows how far a group has come, and nothing of partitions in which it has committed nothing', async () => {
    const topic = await newTopic(kafka, 2);
    const groupId = uniqueName('group');
    expect((await admin.committedOffsets(groupId, [topic])).get(topic) ?? new Map()).toEqual(new Map());
    const [{ partition } = { partition: -1 }] = await producer.send([{ topic, key: 'k', value: 'v' }]);
    const member = startMember(kafka, { topic, groupId });
    await expect.poll(() => member.done.length).toBe(1);
    await stopMember(member);
    expect(await admin.committedOffsets(groupId, [topic])).toEqual(new Map([[topic, new Map([[partition, 1n]])]]));
  });
});

describe('reading ranges', () => {
  it('gives what is in them, once and in order, and ends', async () => {
    const topic = await newTopic(kafka, 2);
    await publish(kafka, topic, numbered(200), (value) => value);
    const ranges = [0, 1].map((partition) => ({ topic, partition, from: 10n, to: 30n }));
    const read: string[] = [];
    await kafka.readRanges({
      ranges,
      signal: AbortSignal.timeout(60_000),
      take: async (_topic, partition, messages) =>
        void read.push(...messages.map(({ offset }) => `${partition}/${offset}`)),
    });
    for (const { partition } of ranges) {
      const own = read.filter((place) => place.startsWith(`${partition}/`));
      expect(own).toEqual(numbered(20, 10).map((offset) => `${partition}/${offset}`));
    }
    expect(read).toHaveLength(40);
  });

  it('ends with what its taker throws', async () => {
    const topic = await newTopic(kafka);
    await publish(kafka, topic, numbered(1));
    const take = () => Promise.reject(new Error('enough'));
    const reading = { ranges: [{ topic, partition: 0, from: 0n, to: 1n }], signal: AbortSignal.timeout(60_000), take };
    await expect(kafka.readRanges(reading)).rejects.toThrow('enough');
  });
});
