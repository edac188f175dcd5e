/** How far a consumer group has come. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, FetchOffsetsPartition } from 'kafkajs';

const pauseMs = 200;
const attempts = 25;

/**
 * Asks again while the group's coordinator moves or loads, which kafkajs by itself does not.
 * @param topics full names
 * @returns what is committed, by topic; offset `-1` where nothing is
 * @throws what kafkajs throws when asking again cannot help, or has not helped for 5 seconds
 */
export async function committedOffsets(
  admin: Pick<Admin, 'fetchOffsets'>,
  groupId: string,
  topics: string[],
): Promise<{ topic: string; partitions: FetchOffsetsPartition[] }[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await admin.fetchOffsets({ groupId, topics });
    } catch (error) {
      if (!isRetriable(error) || attempt === attempts) throw error;
    }
    await sleep(pauseMs);
  }
}

/** What kafkajs says of its own errors. */
function isRetriable(error: unknown): boolean {
  return error instanceof Error && 'retriable' in error && error.retriable === true;
}
