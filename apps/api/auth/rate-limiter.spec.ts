import { describe, expect, it } from 'vitest';
import { RateLimit } from './rate-limiter.ts';

describe('RateLimit', () => {
  it('lets so many pass at once, then as many as come to be allowed with time', () => {
    let now = 0;
    const limit = new RateLimit(60, () => now);
    expect(Array.from({ length: 60 }, () => limit.take('a'))).toEqual(Array.from({ length: 60 }, () => null));
    expect(limit.take('a')).toBe(1);
    expect(limit.take('b')).toBeNull();
    now += 1_000;
    expect([limit.take('a'), limit.take('a')]).toEqual([null, 1]);
    now += 3_600_000;
    expect(Array.from({ length: 61 }, () => limit.take('a')).filter((wait) => wait !== null)).toEqual([1]);
  });

  it('says how long to wait in whole seconds', () => {
    const limit = new RateLimit(1, () => 0);
    expect([limit.take('a'), limit.take('a')]).toEqual([null, 60]);
  });
});
