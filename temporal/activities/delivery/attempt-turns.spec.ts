import { expect, it } from 'vitest';
import { AttemptTurns } from './attempt-turns.ts';

it('calls the queues of a slow receiver one after the other, and those of others at once', () => {
  const turns = new AttemptTurns(10);
  turns.ended('slow', 15_000);
  const waits = Array.from({ length: 200 }, () => turns.draw('slow', 0));
  expect(waits[10]!).toBeGreaterThanOrEqual(11 * 1500);
  expect(waits[10]!).toBeLessThanOrEqual(11 * 1500 + 1000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(121_000);
  const other = turns.draw('other', 0);
  expect(other).toBeGreaterThanOrEqual(1000);
  expect(other).toBeLessThanOrEqual(2000);
});
