import { expect, it } from 'vitest';
import { backoff } from './backoff.ts';

it('waits twice as long each time, up to the longest, and never all at the same moment', () => {
  const pauses = backoff({ first: 100, longest: 400 });
  for (const base of [100, 200, 400, 400]) {
    const pause = pauses.next().value;
    expect(pause).toBeGreaterThanOrEqual(base * 0.75);
    expect(pause).toBeLessThanOrEqual(base * 1.25);
  }
  const firsts = Array.from({ length: 20 }, () => backoff({ first: 100, longest: 400 }).next().value);
  expect(new Set(firsts).size).toBeGreaterThan(1);
});
