import { describe, expect, it } from 'vitest';
import { AttemptTurns } from './attempt-turns.ts';

describe('the turns of queues without a slot', () => {
  it('come one after the other at the pace of a slow receiver', () => {
    const turns = new AttemptTurns(10);
    const waits = Array.from({ length: 200 }, () => {
      turns.ended('slow', 15_000);
      return turns.draw('slow', 0);
    });
    expect(waits[10]!).toBeGreaterThanOrEqual(11 * 1500);
    expect(waits[10]!).toBeLessThanOrEqual(11 * 1500 + 1000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(121_000);
    const other = turns.draw('other', 0);
    expect(other).toBeGreaterThanOrEqual(1000);
    expect(other).toBeLessThanOrEqual(2000);
  });

  it('come less and less often while none gets a slot', () => {
    const turns = new AttemptTurns(10);
    turns.ended('away', 1);
    const waits = Array.from({ length: 9 }, () => turns.draw('away', 0));
    expect(waits[3]!).toBeGreaterThanOrEqual(8000);
    expect(waits[8]!).toBeGreaterThanOrEqual(120_000);
    turns.ended('away', 1);
    expect(turns.draw('away', 0)).toBeLessThanOrEqual(2000);
  });
});
