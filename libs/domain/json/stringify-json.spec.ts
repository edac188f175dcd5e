import { describe, expect, it } from 'vitest';
import { writeJson } from './stringify-json.ts';

describe('writeJson', () => {
  it.each([
    null,
    'a "text"\n',
    '\uD800',
    1.5,
    -0,
    true,
    [],
    {},
    [[], {}, [1, [2, null]]],
    { b: { c: [] }, a: 'x', 'odd key': undefined, n: null, f: Number.NaN },
    [undefined, 1],
    JSON.parse('{"__proto__":{"a":1}}'),
  ])('writes %j as JSON.stringify does', (value) => {
    expect(writeJson(value)).toBe(JSON.stringify(value));
  });

  it('sorts members on demand, at every level', () => {
    const value = { b: [{ d: 1, c: 2 }], a: { z: 1, y: undefined, x: 2 } };
    expect(writeJson(value, { sortKeys: true })).toBe('{"a":{"x":2,"z":1},"b":[{"c":2,"d":1}]}');
    expect(writeJson(value)).toBe('{"b":[{"d":1,"c":2}],"a":{"z":1,"x":2}}');
  });

  it('writes what JSON.stringify overflows on', () => {
    const text = '[{"a":'.repeat(100_000) + '1' + '}]'.repeat(100_000);
    const value = JSON.parse(text) as unknown;
    expect(() => JSON.stringify(value)).toThrow(RangeError);
    expect(writeJson(value) === text).toBe(true);
  });
});
