/** What Kafka's own producer compresses is read; what inflates too far stands aside, and the partition goes on. */
import { afterEach, describe, expect, it } from 'vitest';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { publishByJava } from '../../../support/java-producer.ts';
import {
  committed,
  connectKafka,
  newTopic,
  numbered,
  publish,
  startMember,
  stopMembers,
  valuesOf,
} from '../../../support/kafka-contract.ts';
import { uniqueName } from '../../../support/servers.ts';

const limit = 300_000;
const kafka = connectKafka({ maxInflatedBytes: limit });
afterEach(stopMembers);

/** Texts of different lengths, with much that repeats and something that does not. */
function texts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const noise = Array.from({ length: index % 40 }, () => Math.random().toString(36)).join('');
    return `${index} ${'again and again, '.repeat(index % 30)}${noise} é😀`;
  });
}

describe.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('a batch compressed with %s', (codec) => {
  it('is read, by consumers and in ranges', async () => {
    const topic = await newTopic(kafka);
    const values = texts(300);
    await publishByJava(topic, codec, values);
    const { calls } = startMember(kafka, { topic, groupId: uniqueName('group') });
    await expect.poll(() => valuesOf(calls).length).toBe(300);
    expect(valuesOf(calls)).toEqual(values);
    const read: string[] = [];
    await kafka.readRanges({
      ranges: [{ topic, partition: 0, from: 40n, to: 260n }],
      signal: AbortSignal.timeout(60_000),
      take: async (_topic, _partition, messages) => void read.push(...messages.map(({ value }) => String(value))),
    });
    expect(read).toEqual(values.slice(40, 260));
  });

  it('stands aside as one message if it inflates too far, and what is around it is read', async () => {
    const topic = await newTopic(kafka);
    const groupId = uniqueName('group');
    await publish(kafka, topic, numbered(3));
    await publishByJava(topic, codec, Array<string>(50).fill('x'.repeat(10_000)));
    await publish(kafka, topic, numbered(3, 3));
    const { latest } = (await withAdmin(kafka, (admin) => admin.listOffsets(topic)))[0]!;
    expect(latest).toBe(56n);
    const { calls } = startMember(kafka, { topic, groupId });
    await expect.poll(async () => (await committed(kafka, groupId, topic)).get(0)).toBe(latest);
    const messages = calls.flatMap((call) => call.messages);
    expect(messages.map(({ offset }) => Number(offset))).toEqual([0, 1, 2, 52, 53, 54, 55]);
    expect(messages.filter(({ unreadableBatch }) => unreadableBatch).map(({ offset }) => offset)).toEqual(['52']);
    expect(messages[3]?.unreadableBatch).toEqual({
      reason: 'batch_too_large',
      message: `50 records at offsets 3 to 52, compressed with ${codec}: inflated they take more than KAFKA_MAX_INFLATED_BYTES (${limit})`,
      firstOffset: '3',
      lastOffset: '52',
    });
    expect(valuesOf(calls).filter((value) => value.length < 10)).toEqual(numbered(6));
  });
});
