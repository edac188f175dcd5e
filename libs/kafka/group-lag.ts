/** How far a consumer group lies behind: in messages, and in time. */
import type { KafkaAdmin } from './ports.ts';

type LagAdmin = Pick<KafkaAdmin, 'committedOffsets' | 'listOffsets' | 'offsetsForTime'>;

export interface GroupLag {
  /** That consumers may see and the group has not dealt with. */
  messages: number;
  /** Seconds since the oldest of them was written, to about an eighth; 0 = there is none. */
  behindSeconds: number;
}

/** Older than this is told as this old. */
const maxSeconds = 30 * 86_400;
/** Halvings of the last doubling. */
const refinements = 3;

/** A partition with messages that are not done. */
interface Behind {
  topic: string;
  partition: number;
  /** First offset that is not done. */
  next: bigint;
}

/**
 * @param topics full names of topics that are there
 * @param now milliseconds since 1970
 * @throws what the client throws
 */
export async function measureGroupLag(
  admin: LagAdmin,
  groupId: string,
  topics: readonly string[],
  now: number,
): Promise<GroupLag> {
  const committed = await admin.committedOffsets(groupId, topics);
  const behind: Behind[] = [];
  let messages = 0n;
  for (const topic of topics) {
    for (const { partition, earliest, latest } of await admin.listOffsets(topic)) {
      const done = committed.get(topic)?.get(partition) ?? 0n;
      const next = done > earliest ? done : earliest;
      if (next >= latest) continue;
      messages += latest - next;
      behind.push({ topic, partition, next });
    }
  }
  const behindSeconds = await measureAge(behind.length === 0, (at) => isOlder(admin, behind, at), now);
  return { messages: Number(messages), behindSeconds };
}

/** Doubles the age until nothing is older, then halves the last step: Kafka tells offsets by time, and not the time of an offset. */
async function measureAge(
  isDone: boolean,
  isOlderThan: (at: number) => Promise<boolean>,
  now: number,
): Promise<number> {
  if (isDone) return 0;
  let high = 1;
  while (high < maxSeconds && (await isOlderThan(now - high * 1000))) high = Math.min(high * 2, maxSeconds);
  let low = Math.floor(high / 2);
  for (let step = 0; step < refinements && high - low > 1; step += 1) {
    const middle = Math.floor((low + high) / 2);
    if (await isOlderThan(now - middle * 1000)) low = middle;
    else high = middle;
  }
  return high;
}

/** Whether a message from before that time is not done. */
async function isOlder(admin: LagAdmin, behind: readonly Behind[], at: number): Promise<boolean> {
  for (const topic of new Set(behind.map((one) => one.topic))) {
    const offsets = new Map(
      (await admin.offsetsForTime(topic, at)).map(({ partition, offset }) => [partition, offset]),
    );
    const isBefore = ({ topic: name, partition, next }: Behind): boolean =>
      name === topic && (offsets.get(partition) ?? 0n) > next;
    if (behind.some(isBefore)) return true;
  }
  return false;
}
