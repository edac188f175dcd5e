import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KeptEvent } from '#libs/domain/runs/lifecycle-log.ts';
import type { Taken } from './feed.ts';
import { Progress } from './first-attempts.ts';
import { untilSlow } from './patience.ts';

/** Takes so many events, one after the other. */
function feed(events: number, eachMs: number): Taken {
  const progress = new Progress(Array.from({ length: events }, (_, offset) => ({ offset }) as KeptEvent));
  const { unsent } = progress;
  const sent = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      unsent.delete(Math.min(...unsent));
      if (unsent.size > 0) return;
      clearInterval(timer);
      resolve();
    }, eachMs);
  });
  return { sent, progress, hold: () => Promise.resolve() };
}

describe('untilSlow', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** @returns after how many milliseconds it resolved, and which are left */
  const wait = async (taken: Taken[]): Promise<[number, number[]]> => {
    const began = performance.now();
    const waiting = untilSlow(taken).then((left): [number, number[]] => [
      performance.now() - began,
      [...left].map((one) => taken.indexOf(one)),
    ]);
    await vi.advanceTimersByTimeAsync(60_000);
    return waiting;
  };

  it('ends with the last of those that are quick', async () => {
    const [ms, left] = await wait([feed(10, 10), feed(20, 10)]);
    expect(left).toEqual([]);
    expect(ms).toBeLessThan(250);
  });

  it('waits a fifth of a second longer for one that is slower than the others', async () => {
    const [ms, left] = await wait([feed(1, 100), feed(1_000, 50)]);
    expect(left).toEqual([1]);
    expect(ms).toBeGreaterThan(250);
    expect(ms).toBeLessThan(450);
  });

  it('waits half a second for those that do nothing', async () => {
    const [ms, left] = await wait([feed(1, 60_000), feed(1, 60_000)]);
    expect(left).toEqual([0, 1]);
    expect(ms).toBeLessThan(700);
  });

  it('waits for many that are slow alike', async () => {
    const [ms, left] = await wait(Array.from({ length: 50 }, (_, n) => feed(1, 50 * (n + 1))));
    expect(left).toEqual([]);
    expect(ms).toBeGreaterThan(2_400);
  });

  it('does not count as slow what the store does not know yet', async () => {
    const progress = new Progress([]);
    const { length } = (
      await wait([{ sent: new Promise(() => undefined), progress, hold: () => Promise.resolve() }])
    )[1];
    expect(length).toBe(0);
  });

  it('waits for one alone no longer than ten seconds', async () => {
    const [ms, left] = await wait([feed(1_000, 50)]);
    expect(left).toEqual([0]);
    expect(ms).toBeLessThan(10_200);
  });
});
