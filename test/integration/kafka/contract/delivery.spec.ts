/** How a consumer hands over what is in a partition, and what it hands over again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { SeekPartition } from '#libs/kafka/seek-partition.ts';
import {
  committed,
  connectKafka,
  gapsIn,
  newTopic,
  numbered,
  offsetsOf,
  publish,
  startMember,
  stopMember,
  stopMembers,
  valuesOf,
} from '../../../support/kafka-contract.ts';
import { uniqueName } from '../../../support/servers.ts';

const kafka = connectKafka();
afterEach(stopMembers);

async function scene(count: number): Promise<{ topic: string; groupId: string }> {
  const topic = await newTopic(kafka);
  await publish(kafka, topic, numbered(count));
  return { topic, groupId: uniqueName('group') };
}

/** Resolves when the group has committed so much of partition 0. */
function committedUpTo(groupId: string, topic: string, offset: bigint): Promise<void> {
  return expect.poll(async () => (await committed(kafka, groupId, topic)).get(0), { interval: 100 }).toBe(offset);
}

describe('the messages of a partition', () => {
  it('come in their order, one chunk at a time, beside those of other partitions', async () => {
    const topic = await newTopic(kafka, 3);
    const groupId = uniqueName('group');
    const keyOf = (value: string): string => `key-${Number(value) % 20}`;
    for (let sent = 0; sent < 600; sent += 60) await publish(kafka, topic, numbered(60, sent), keyOf);
    const work = () => sleep(5);
    const { calls } = startMember(kafka, { topic, groupId, chunkSize: 7, work });
    await expect.poll(() => valuesOf(calls).length).toBe(600);
    for (const partition of [0, 1, 2]) {
      const own = calls.filter((call) => call.partition === partition);
      const offsets = offsetsOf(own);
      expect(offsets).toEqual(numbered(offsets.length).map(Number));
      expect(own.slice(1).filter(({ since }, index) => since < own[index]!.until)).toEqual([]);
      expect(own.slice(1).filter(({ first }, index) => first !== own[index]!.next)).toEqual([]);
      expect(own.every(({ messages }) => messages.length <= 7)).toBe(true);
    }
    const isBeside = calls.some((one) =>
      calls.some((other) => one.partition !== other.partition && one.since < other.until && other.since < one.until),
    );
    expect(isBeside).toBe(true);
    for (const value of numbered(20)) {
      const ofKey = valuesOf(calls).filter((one) => keyOf(one) === keyOf(value));
      expect(ofKey).toEqual(ofKey.toSorted((a, b) => Number(a) - Number(b)));
    }
  });

  it('come with their keys, headers and times, and without a value where there is none', async () => {
    const topic = await newTopic(kafka);
    const producer = kafka.producer();
    const before = Date.now();
    const headers = { one: 'a', more: ['b', Buffer.from('c')] };
    await producer.send([
      { topic, key: 'k', value: 'v', headers },
      { topic, key: null, value: null },
    ]);
    await producer.close();
    const { calls } = startMember(kafka, { topic, groupId: uniqueName('group') });
    await expect.poll(() => valuesOf(calls).length).toBe(2);
    const [full, empty] = calls.flatMap(({ messages }) => messages);
    expect(full).toMatchObject({ offset: '0', key: Buffer.from('k'), value: Buffer.from('v') });
    expect(full?.headers).toEqual({ one: Buffer.from('a'), more: [Buffer.from('b'), Buffer.from('c')] });
    expect(Number(full?.timestamp)).toBeGreaterThanOrEqual(before);
    expect(empty).toMatchObject({ offset: '1', key: null, value: null });
  });
});

describe('what was not committed', () => {
  it('comes again after a chunk that failed, and nothing behind it is committed before', async () => {
    const { topic, groupId } = await scene(30);
    let failures = 0;
    const committedThen: (bigint | undefined)[] = [];
    const work = async ({ first, next }: { first: bigint; next: bigint }): Promise<void> => {
      if (first > 12n || next <= 12n || failures === 2) return;
      failures += 1;
      committedThen.push((await committed(kafka, groupId, topic)).get(0));
      throw new Error('a fault of ours');
    };
    const member = startMember(kafka, { topic, groupId, chunkSize: 5, work });
    await committedUpTo(groupId, topic, 30n);
    expect(failures).toBe(2);
    expect(committedThen.filter((offset) => offset !== undefined && offset > 12n)).toEqual([]);
    expect(gapsIn(member.done)).toEqual([]);
    expect(new Set(valuesOf(member.done)).size).toBe(30);
  });

  it('comes again when our own record of it could not be written', async () => {
    const { topic, groupId } = await scene(10);
    const committedBefore: Map<number, bigint>[] = [];
    const commit = async (): Promise<void> => {
      committedBefore.push(await committed(kafka, groupId, topic));
      if (committedBefore.length === 1) throw new Error('the store is away');
    };
    const member = startMember(kafka, { topic, groupId, commit });
    await committedUpTo(groupId, topic, 10n);
    expect(offsetsOf(member.done)).toEqual([...numbered(10), ...numbered(10)].map(Number));
    expect(committedBefore).toEqual([new Map(), new Map()]);
  });

  it('is left to the next member by one that is stopped and can wait no longer', async () => {
    const { topic, groupId } = await scene(20);
    const work = ({ first }: { first: bigint }, signal: AbortSignal): Promise<void> =>
      first < 10n
        ? Promise.resolve()
        : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const stopped = startMember(kafka, { topic, groupId, chunkSize: 5, work });
    await expect.poll(() => stopped.calls.at(-1)?.first).toBe(10n);
    await stopMember(stopped, 100);
    expect(stopped.calls.at(-1)?.signal.aborted).toBe(true);
    expect((await committed(kafka, groupId, topic)).get(0)).toBe(10n);
    const next = startMember(kafka, { topic, groupId });
    await committedUpTo(groupId, topic, 20n);
    expect(offsetsOf(next.done)).toEqual(numbered(10, 10).map(Number));
  });
});

it('a member that is stopped ends its chunk and commits it, and begins no other', async () => {
  const { topic, groupId } = await scene(20);
  const member = startMember(kafka, { topic, groupId, chunkSize: 5, work: () => sleep(400) });
  await expect.poll(() => member.calls.length).toBe(1);
  await stopMember(member, 60_000);
  expect(offsetsOf(member.done)).toEqual(numbered(5).map(Number));
  expect((await committed(kafka, groupId, topic)).get(0)).toBe(5n);
  const isMember = member.consumer.check(AbortSignal.timeout(1000)).then(
    () => true,
    () => false,
  );
  expect(await isMember).toBe(false);
});

it('a handler that commits by itself goes on with what is not committed, and nothing else is committed', async () => {
  const { topic, groupId } = await scene(20);
  const member = startMember(kafka, { topic, groupId, commit: null });
  await expect.poll(() => offsetsOf(member.done)).toEqual(numbered(20).map(Number));
  await member.consumer.commit(topic, 0, 7n);
  await publish(kafka, topic, numbered(1, 20));
  await expect.poll(() => offsetsOf(member.done).length).toBe(21);
  await stopMember(member);
  expect((await committed(kafka, groupId, topic)).get(0)).toBe(7n);
  await expect(member.consumer.commit(topic, 0, 9n)).rejects.toMatchObject({ code: 'not_a_member' });
  const next = startMember(kafka, { topic, groupId });
  await expect.poll(() => offsetsOf(next.done)).toEqual(numbered(14, 7).map(Number));
});

describe('a partition is read on from another offset', () => {
  it('when it is told to', async () => {
    const { topic, groupId } = await scene(10);
    const member = startMember(kafka, { topic, groupId });
    await committedUpTo(groupId, topic, 10n);
    member.consumer.seek(topic, 0, 6n);
    await expect.poll(() => offsetsOf(member.done)).toEqual([...numbered(10), ...numbered(4, 6)].map(Number));
  });

  it('when the handler wants it, and what was skipped is not committed', async () => {
    const { topic, groupId } = await scene(10);
    let isSought = false;
    const work = async ({ first }: { first: bigint }): Promise<void> => {
      if (isSought || first < 5n) return;
      isSought = true;
      throw new SeekPartition(2n, 'what lies behind 2 is another topic now');
    };
    const member = startMember(kafka, { topic, groupId, chunkSize: 5, work });
    await committedUpTo(groupId, topic, 10n);
    expect(offsetsOf(member.done)).toEqual([...numbered(5), ...numbered(8, 2)].map(Number));
  });
});
