import { describe, expect, it } from 'vitest';
import { measureGroupLag } from './group-lag.ts';

const now = Date.UTC(2026, 0, 1);

/** One topic of one partition, whose messages were written so many seconds ago, the oldest first. */
function admin(ages: number[], committed: bigint | null, earliest = 0n) {
  return {
    asked: 0,
    committedOffsets: () => Promise.resolve(new Map([['t', new Map(committed === null ? [] : [[0, committed]])]])),
    listOffsets: () => Promise.resolve([{ partition: 0, earliest, latest: BigInt(ages.length) }]),
    offsetsForTime(_: string, time: number) {
      this.asked += 1;
      const first = ages.findIndex((age) => now - age * 1000 >= time);
      return Promise.resolve([{ partition: 0, offset: BigInt(first === -1 ? ages.length : first) }]);
    },
  };
}

describe('measureGroupLag', () => {
  it('is nothing when all is done', async () => {
    const kafka = admin([50, 40], 2n);
    expect(await measureGroupLag(kafka, 'g', ['t'], now)).toEqual({ messages: 0, behindSeconds: 0 });
    expect(kafka.asked).toBe(0);
  });

  it.each([
    { age: 1, most: 2 },
    { age: 100, most: 113 },
    { age: 5_000, most: 5_700 },
    { age: 200_000, most: 226_000 },
  ])('tells a message of $age seconds ago', async ({ age, most }) => {
    const kafka = admin([400_000, age, 0], 1n);
    const { messages, behindSeconds } = await measureGroupLag(kafka, 'g', ['t'], now);
    expect(messages).toBe(2);
    expect(behindSeconds).toBeGreaterThanOrEqual(age);
    expect(behindSeconds).toBeLessThanOrEqual(most);
    expect(kafka.asked).toBeLessThan(25);
  });

  it('counts from the first message that Kafka has where nothing is committed', async () => {
    expect((await measureGroupLag(admin([9, 8, 7], null, 1n), 'g', ['t'], now)).messages).toBe(2);
  });

  it('tells what is older than a month as a month', async () => {
    const { behindSeconds } = await measureGroupLag(admin([9_000_000], null), 'g', ['t'], now);
    expect(behindSeconds).toBe(30 * 86_400);
  });
});
