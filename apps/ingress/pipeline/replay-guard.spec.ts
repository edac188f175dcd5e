import { describe, expect, it, vi } from 'vitest';
import type { Mark } from '#libs/domain/ledger.ts';
import type { Chunk } from '#libs/kafka/batch.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { ReplayGuard } from './replay-guard.ts';

function chunk(offsets: number[], timestamp: number): Chunk {
  const messages = offsets.map((offset) => ({ offset: String(offset), timestamp: String(timestamp) }));
  const next = BigInt((offsets.at(-1) ?? 0) + 1);
  return { topic: 't', partition: 0, messages, next, highWatermark: next, fetch: {} } as unknown as Chunk;
}

function guard(stored: Mark | null) {
  const marks = { mark: vi.fn(async () => stored), advanceMark: vi.fn(async () => {}) };
  return { marks, guard: new ReplayGuard(marks, () => 'cluster-1', createLogger('test', 'silent')) };
}

const offsetsOf = (messages: { offset: string }[]) => messages.map(({ offset }) => Number(offset));

describe('ReplayGuard', () => {
  it('leaves out what lies below the mark', async () => {
    const { guard: ours } = guard({ next: 3n, at: new Date(2000) });
    expect(offsetsOf(await ours.unseen(chunk([1, 2, 3, 4], 1000)))).toEqual([3, 4]);
  });

  it('takes a message below the mark that is younger than it: the topic was made anew', async () => {
    const { guard: ours } = guard({ next: 3n, at: new Date(2000) });
    expect(offsetsOf(await ours.unseen(chunk([0, 1], 3000)))).toEqual([0, 1]);
  });

  it('asks for the mark once an assignment', async () => {
    const { guard: ours, marks } = guard(null);
    await ours.unseen(chunk([0], 1000));
    await ours.unseen(chunk([1], 1000));
    expect(marks.mark).toHaveBeenCalledTimes(1);
    ours.forget();
    await ours.unseen(chunk([2], 1000));
    expect(marks.mark).toHaveBeenCalledTimes(2);
  });

  it('knows its own progress, also of messages whose producer’s clock is ahead', async () => {
    const { guard: ours } = guard(null);
    const ahead = chunk([0, 1], Date.now() + 60_000);
    await ours.unseen(ahead);
    await ours.advance(ahead);
    expect(await ours.unseen(ahead)).toEqual([]);
  });
});
