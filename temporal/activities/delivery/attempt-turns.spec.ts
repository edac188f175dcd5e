import { describe, expect, it } from 'vitest';
import { AttemptTurns } from './attempt-turns.ts';

const queue = (n: number, subscription_id = 's') => ({ subscription_id, execution_id: `run-${n}` });
const drawMany = (turns: AttemptTurns, count: number) =>
  Array.from({ length: count }, (_, n) => turns.draw(queue(n), 0));

describe('the turns of queues without a slot', () => {
  it('come one after the other at the pace of a slow receiver, and at any time behind the longest wait', () => {
    const turns = new AttemptTurns(10);
    turns.ended('s', 15_000, false);
    const waits = drawMany(turns, 200);
    expect(waits[10]!).toBeGreaterThanOrEqual(11 * 1500);
    expect(waits[10]!).toBeLessThanOrEqual(11 * 1500 + 1000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(121_000);
    expect(new Set(waits.slice(100).map((wait) => Math.floor(wait / 10_000))).size).toBeGreaterThan(3);
    expect(turns.draw(queue(1, 'other'), 0)).toBeLessThanOrEqual(2000);
  });

  it('come at growing intervals while nothing is delivered', () => {
    const turns = new AttemptTurns(10);
    const first = turns.draw(queue(1), 0);
    expect(first).toBeLessThanOrEqual(2000);
    drawMany(turns, 100);
    turns.ended('s', 1, false);
    expect(turns.draw(queue(1), 1_000_000)).toBeGreaterThanOrEqual(5000);
  });

  it('are over once an event is delivered', () => {
    const turns = new AttemptTurns(10);
    drawMany(turns, 100);
    turns.took(queue(7));
    const called = turns.ended('s', 1, true);
    expect(called).toHaveLength(99);
    expect(called).not.toContainEqual(queue(7));
    expect(turns.ended('s', 1, true)).toEqual([]);
    expect(turns.draw(queue(1), 0)).toBeLessThanOrEqual(2000);
  });
});
