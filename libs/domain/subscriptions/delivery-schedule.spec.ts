import { describe, expect, it } from 'vitest';
import { isGivenUp, nextAttemptAt, retryDelayMs } from './delivery-schedule.ts';

const now = Date.parse('2026-03-10T12:00:00.000Z');
const hours = 3_600_000;

describe('the schedule of attempts', () => {
  it('lets each interval be longer than the one before, up to eight hours', () => {
    const delays = Array.from({ length: 12 }, (_, index) => retryDelayMs(index + 1, 0.5));
    expect(delays.slice(0, 8)).toEqual([5, 30, 120, 600, 1800, 3600, 7200, 14_400].map((s) => s * 1000));
    expect(new Set(delays.slice(8))).toEqual(new Set([8 * hours]));
  });

  it('is a fifth longer or shorter by chance', () => {
    expect(retryDelayMs(1, 0)).toBe(4000);
    expect(retryDelayMs(1, 1)).toBe(6000);
    const drawn = new Set(Array.from({ length: 50 }, () => retryDelayMs(8)));
    expect(drawn.size).toBeGreaterThan(10);
  });

  it('makes no attempt before the receiver wants one', () => {
    expect(nextAttemptAt(1, now, undefined, 0.5)).toBe('2026-03-10T12:00:05.000Z');
    expect(nextAttemptAt(1, now, 60_000, 0.5)).toBe('2026-03-10T12:01:00.000Z');
    expect(nextAttemptAt(4, now, 60_000, 0.5)).toBe('2026-03-10T12:10:00.000Z');
  });

  it('gives an event up once it was tried for the hours it may be', () => {
    const madeAt = '2026-01-01T00:00:00.000Z';
    expect(isGivenUp('2026-03-07T12:00:00.001Z', madeAt, now, 72)).toBe(false);
    expect(isGivenUp('2026-03-07T12:00:00.000Z', madeAt, now, 72)).toBe(true);
  });

  it('goes on with an event that waited until its subscription was changed', () => {
    expect(isGivenUp('2026-03-01T12:00:00.000Z', '2026-03-10T11:00:00.000Z', now, 72)).toBe(false);
  });
});
