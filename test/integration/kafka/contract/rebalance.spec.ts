/** Members of a group that come and go while there is much to do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { Chunk } from '#libs/kafka/chunk.ts';
import {
  committed,
  connectKafka,
  gapsIn,
  newTopic,
  numbered,
  overlapsOf,
  publish,
  startMember,
  stopMember,
  stopMembers,
  valuesOf,
} from '../../../support/kafka-contract.ts';
import { uniqueName } from '../../../support/servers.ts';

const kafka = connectKafka();
afterEach(stopMembers);

/** Publishes without a pause until it is told to end. @returns how many */
async function publishUntil(topic: string, ended: AbortSignal): Promise<number> {
  const producer = kafka.producer();
  let count = 0;
  while (!ended.aborted) {
    await producer.send(numbered(20, count).map((value) => ({ topic, key: value, value })));
    count += 20;
    await sleep(20);
  }
  await producer.close();
  return count;
}

it('lose nothing and never work on one partition at a time', async () => {
  const topic = await newTopic(kafka, 4);
  const groupId = uniqueName('group');
  const ending = new AbortController();
  const publishing = publishUntil(topic, ending.signal);
  // Slower than what is published: there is always something left to give up.
  const work = (_chunk: Chunk, signal: AbortSignal) => sleep(60, undefined, { signal });
  const first = startMember(kafka, { topic, groupId, work });
  await expect.poll(() => first.done.length).toBeGreaterThan(20);
  const second = startMember(kafka, { topic, groupId, work });
  await expect.poll(() => second.done.length).toBeGreaterThan(20);
  expect([first.assigned.length, second.assigned.length]).toEqual([2, 2]);
  await stopMember(second);
  await expect.poll(() => first.assigned.length).toBe(4);
  const since = performance.now();
  const partitionsSince = () =>
    new Set(first.done.filter((call) => call.since > since).map(({ partition }) => partition));
  await expect.poll(() => partitionsSince().size).toBe(4);
  ending.abort();
  const count = await publishing;
  const isDone = () => new Set([...valuesOf(first.done), ...valuesOf(second.done)]).size;
  await expect.poll(isDone).toBe(count);
  expect(gapsIn([...first.done, ...second.done])).toEqual([]);
  expect(overlapsOf(first, second)).toEqual([]);
  const total = async () => [...(await committed(kafka, groupId, topic)).values()].reduce((sum, one) => sum + one, 0n);
  await expect.poll(total).toBe(BigInt(count));
});

it('give up a partition before another begins with it, however long its chunk would take', async () => {
  const topic = await newTopic(kafka, 2);
  const groupId = uniqueName('group');
  await publish(kafka, topic, numbered(40), (value) => value);
  const endless = (_chunk: Chunk, signal: AbortSignal): Promise<void> =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  const holding = startMember(kafka, { topic, groupId, work: endless });
  await expect.poll(() => new Set(holding.calls.map(({ partition }) => partition)).size).toBe(2);
  const next = startMember(kafka, { topic, groupId });
  await expect.poll(() => next.calls.length).toBeGreaterThan(0);
  const [begun] = next.calls;
  const held = holding.calls.filter(({ partition }) => partition === begun?.partition);
  expect(held.length).toBeGreaterThan(0);
  expect(held.filter(({ signal, until }) => !signal.aborted || until > begun!.since)).toEqual([]);
  expect(begun?.first).toBe(0n);
  expect(overlapsOf(holding, next)).toEqual([]);
});

it('keep their partitions as long as a chunk takes', async () => {
  const topic = await newTopic(kafka);
  const groupId = uniqueName('group');
  await publish(kafka, topic, numbered(3));
  // Longer than any session lasts without heartbeats.
  const member = startMember(kafka, { topic, groupId, work: () => sleep(13_000) });
  await expect.poll(async () => (await committed(kafka, groupId, topic)).get(0)).toBe(3n);
  expect(member.calls.map(({ isDone, signal }) => [isDone, signal.aborted])).toEqual([[true, false]]);
});
