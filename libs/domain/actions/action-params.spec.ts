import { describe, expect, it } from 'vitest';
import { spanMilliseconds } from '../values/duration.ts';
import { clampTimeout, webhookRequest } from './action-params.ts';

describe('clampTimeout', () => {
  it.each([999, 1, 0, -5, -Infinity])('R-085 clamps timeout_ms %d to 1000', (ms) => {
    expect(clampTimeout(ms)).toBe(1000);
  });

  it.each([30_001, 999_999, 1e300, Infinity])('R-086 clamps timeout_ms %d to 30000', (ms) => {
    expect(clampTimeout(ms)).toBe(30_000);
  });

  it('leaves what lies between, and takes 5000 where there is none', () => {
    expect([1000, 5000, 30_000].map(clampTimeout)).toEqual([1000, 5000, 30_000]);
    expect([undefined, null, '7000', Number.NaN].map(clampTimeout)).toEqual([5000, 5000, 5000, 5000]);
    expect(clampTimeout(1500.9)).toBe(1500);
  });
});

describe('webhookRequest', () => {
  it('R-083 is a POST unless the rule says otherwise', () => {
    expect(webhookRequest({ url: 'https://example.com' })).toEqual({
      url: 'https://example.com',
      method: 'POST',
      headers: {},
      body: null,
      timeoutMs: 5000,
    });
    expect(webhookRequest({ url: 'https://example.com', method: 'PUT' }).method).toBe('PUT');
  });

  it('passes on what the rule gives', () => {
    const given = { url: 'https://example.com/x', method: 'PATCH', headers: { A: 'b' }, body: '{"a":1}' };
    expect(webhookRequest({ ...given, timeout_ms: 50 })).toEqual({ ...given, timeoutMs: 1000 });
  });
});

describe('spanMilliseconds', () => {
  it.each([
    [1, 'minutes', 60_000],
    [2, 'hours', 7_200_000],
    [3, 'days', 259_200_000],
    [365, 'days', 31_536_000_000],
  ])('%i %s', (value, unit, ms) => {
    expect(spanMilliseconds({ value, unit })).toBe(ms);
  });

  it.each([
    { value: 0, unit: 'days' },
    { value: 1.5, unit: 'days' },
    { value: '1', unit: 'days' },
    { value: 1, unit: 'weeks' },
    { value: 1, unit: 'constructor' },
    { value: 366, unit: 'days' },
    {},
  ])('refuses %j', (params) => {
    expect(() => spanMilliseconds(params)).toThrow(RangeError);
  });
});
