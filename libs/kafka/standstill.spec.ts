import { describe, expect, it } from 'vitest';
import { Standstill } from './standstill.ts';

describe('Standstill', () => {
  it('counts while messages wait at the same offset', () => {
    const standstill = new Standstill();
    expect(standstill.since('t/0', 5n, true, 1000)).toBe(0);
    expect(standstill.since('t/0', 5n, true, 4000)).toBe(3000);
    expect(standstill.since('t/1', 5n, true, 4000)).toBe(0);
  });

  it('begins anew when the offset moves', () => {
    const standstill = new Standstill();
    standstill.since('t/0', 5n, true, 1000);
    expect(standstill.since('t/0', 6n, true, 4000)).toBe(0);
    expect(standstill.since('t/0', 6n, true, 5000)).toBe(1000);
  });

  it('does not count while nothing is waiting', () => {
    const standstill = new Standstill();
    standstill.since('t/0', 5n, true, 1000);
    expect(standstill.since('t/0', 5n, false, 2000)).toBe(0);
    expect(standstill.since('t/0', 5n, true, 9000)).toBe(0);
  });
});
