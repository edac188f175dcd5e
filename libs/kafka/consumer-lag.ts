/** Whether a consumer group has dealt with everything up to a moment. */
import type { Admin } from 'kafkajs';
import { committedOffsets } from './committed-offsets.ts';

type ProgressAdmin = Pick<Admin, 'fetchOffsets' | 'fetchTopicOffsets' | 'fetchTopicOffsetsByTimestamp'>;

/**
 * @param topics full names @param time milliseconds since 1970, of Kafka's timestamps
 * @returns false while the group has messages before it from before that time
 * @throws what kafkajs throws
 */
export async function hasConsumedUntil(
  admin: ProgressAdmin,
  groupId: string,
  topics: string[],
  time: number,
): Promise<boolean> {
  const committed = new Map(
    (await committedOffsets(admin, groupId, topics)).map(({ topic, partitions }) => [
      topic,
      new Map(partitions.map(({ partition, offset }) => [partition, BigInt(offset)])),
    ]),
  );
  for (const topic of topics) {
    const lows = new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, low }) => [partition, BigInt(low)]));
    for (const { partition, offset } of await admin.fetchTopicOffsetsByTimestamp(topic, time)) {
      const needed = BigInt(offset);
      // What Kafka itself has removed meanwhile is waited for by nobody.
      if (needed > (lows.get(partition) ?? 0n) && needed > (committed.get(topic)?.get(partition) ?? -1n)) return false;
    }
  }
  return true;
}
