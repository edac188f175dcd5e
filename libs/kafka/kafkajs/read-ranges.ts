import type { Consumer, Kafka } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import type { PartitionRange, RangeReading } from '../ports.ts';
import { LazyClient } from './lazy-client.ts';

/** kafkajs reads as a member of a group only: one of its own, which is removed afterwards. */
export async function readRanges(kafka: Kafka, reading: RangeReading): Promise<void> {
  const groupId = `signalbox-backtest-${randomUUID()}`;
  // At the end a fetch is under way that nothing answers: this is how long it is waited for.
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 200 });
  const admin = new LazyClient(() => kafka.admin());
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(reading.ranges.map(({ topic }) => topic))], fromBeginning: true });
    await readBy(consumer, reading);
  } finally {
    await consumer.disconnect();
    // Kafka forgets a group without members and offsets by itself; this only does it at once.
    await admin.use((client) => client.deleteGroups([groupId])).catch(() => undefined);
    await admin.close();
  }
}

function readBy(consumer: Consumer, { ranges, signal, take }: RangeReading): Promise<void> {
  const open = new Map<string, PartitionRange>(ranges.map((range) => [toKey(range), { ...range }]));
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    // Also told of batches without a message: what a transaction leaves at the end of a partition is none.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      const range = open.get(toKey(payload));
      if (range !== undefined && BigInt(payload.lastOffset) + 1n >= range.to) open.delete(toKey(payload));
      if (open.size === 0) resolve();
    });
    consumer
      .run({
        autoCommit: false,
        eachBatch: async ({ batch, ...session }) => {
          const range = open.get(toKey(batch));
          if (range === undefined || signal.aborted) return;
          const isWithin = (offset: bigint): boolean => offset >= range.from && offset < range.to;
          const within = batch.messages.filter(({ offset }) => isWithin(BigInt(offset)));
          try {
            await take(batch.topic, batch.partition, within);
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
            return;
          }
          await session.heartbeat();
          // A seek or a rebalance fetches messages again that have been taken.
          const last = within.at(-1);
          if (last !== undefined) range.from = BigInt(last.offset) + 1n;
        },
      })
      .catch(reject);
    for (const { topic, partition, from } of ranges) consumer.seek({ topic, partition, offset: String(from) });
  });
}

function toKey({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}/${partition}`;
}
