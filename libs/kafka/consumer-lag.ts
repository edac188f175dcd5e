/** Whether a consumer group has dealt with everything up to a moment. */
import type { KafkaAdmin } from './ports.ts';

type ProgressAdmin = Pick<KafkaAdmin, 'committedOffsets' | 'listOffsets' | 'offsetsForTime'>;

/**
 * @param topics full names @param time milliseconds since 1970, of Kafka's timestamps
 * @returns false while the group has messages before it from before that time
 * @throws what the client throws
 */
export async function hasConsumedUntil(
  admin: ProgressAdmin,
  groupId: string,
  topics: string[],
  time: number,
): Promise<boolean> {
  const committed = await admin.committedOffsets(groupId, topics);
  for (const topic of topics) {
    const earliest = new Map((await admin.listOffsets(topic)).map((ends) => [ends.partition, ends.earliest]));
    for (const { partition, offset: needed } of await admin.offsetsForTime(topic, time)) {
      // Messages that Kafka has removed meanwhile do not count.
      if (needed > (earliest.get(partition) ?? 0n) && needed > (committed.get(topic)?.get(partition) ?? -1n))
        return false;
    }
  }
  return true;
}
