import { describe, expect, it } from 'vitest';
import { maxRetryAfterMs, retryAfterMs } from './retry-after.ts';

const now = Date.parse('2025-06-01T12:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['0', undefined],
    ['000', undefined],
    ['7', 7000],
    [' 7 ', 7000],
    ['Sun, 01 Jun 2025 12:00:30 GMT', 30_000],
    ['Sun, 01 Jun 2025 11:00:00 GMT', undefined],
    ['Sun, 01 Jun 2025 12:00:00 GMT', undefined],
    ['86400', maxRetryAfterMs],
    ['99999999999999999999', maxRetryAfterMs],
    ['Sun, 01 Jun 2125 12:00:00 GMT', maxRetryAfterMs],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %j as %j ms', (header, delay) => {
    expect(retryAfterMs(header, now)).toBe(delay);
  });

  it('takes the first of several', () => {
    expect(retryAfterMs(['3', '9'], now)).toBe(3000);
  });
});
