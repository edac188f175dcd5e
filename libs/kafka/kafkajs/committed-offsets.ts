/** How far a consumer group has come. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';

const pauseMs = 200;
const attempts = 25;

/**
 * Asks again while the group's coordinator moves or loads, which kafkajs by itself does not.
 * @param topics full names
 * @returns what is committed, by topic and partition
 * @throws what kafkajs throws when asking again cannot help, or has not helped for 5 seconds
 */
export async function committedOffsets(
  admin: Pick<Admin, 'fetchOffsets'>,
  groupId: string,
  topics: string[],
): Promise<Map<string, Map<number, bigint>>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const committed = await admin.fetchOffsets({ groupId, topics });
      return new Map(committed.map(({ topic, partitions }) => [topic, byPartition(partitions)]));
    } catch (error) {
      if (!isRetriable(error) || attempt === attempts) throw error;
    }
    await sleep(pauseMs);
  }
}

function byPartition(partitions: { partition: number; offset: string }[]): Map<number, bigint> {
  const known = partitions.map(({ partition, offset }) => [partition, BigInt(offset)] as const);
  // -1: nothing is committed.
  return new Map(known.filter(([, offset]) => offset >= 0n));
}

/** What kafkajs says of its own errors. */
function isRetriable(error: unknown): boolean {
  return error instanceof Error && 'retriable' in error && error.retriable === true;
}
