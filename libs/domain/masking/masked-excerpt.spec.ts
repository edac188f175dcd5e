import { describe, expect, it } from 'vitest';
import { maskedExcerpt, maskedOutline } from './masked-excerpt.ts';

const elapsed = (act: () => unknown): number => {
  const start = performance.now();
  act();
  return performance.now() - start;
};

describe('an excerpt', () => {
  it('is the masked value itself where it is short', () => {
    expect(maskedExcerpt({ a: [1, null], token: 'abcdefgh' }, 'x', 200)).toEqual({ a: [1, null], token: '***gh' });
    expect(maskedExcerpt('abcdefgh', 'password', 200)).toBe('***gh');
    expect(maskedExcerpt(5, 'x', 200)).toBe(5);
    expect(maskedExcerpt(null, 'x', 200)).toBe(null);
  });

  it('is the beginning of the text where it is long', () => {
    expect(maskedExcerpt('word '.repeat(50_000), 'x', 200)).toBe(`${'word '.repeat(40)}…`);
    expect(maskedExcerpt({ list: Array.from({ length: 100_000 }, (_, at) => at) }, 'x', 20)).toBe(
      '{"list":[0,1,2,3,4,5…',
    );
  });

  it('shows nothing of a secret that is cut, wherever the cut falls', () => {
    const secret = 'Zq7Zq7Zq7Zq7';
    const hidden = secret.slice(0, 8);
    for (let before = 0; before < 230; before += 3) {
      for (const tail of [10, 3_990, 4_190, 5_000]) {
        const texts = [
          `https://user:${secret}${'x'.repeat(tail)}@host.example/`,
          `see {"password":"${secret} ${'y '.repeat(tail)}"}`,
          `-----BEGIN PRIVATE KEY-----\n${secret}\n${'z\n'.repeat(tail)}-----END PRIVATE KEY-----`,
        ];
        for (const text of texts) {
          const shown = maskedExcerpt(`${'a '.repeat(before / 2)}${text}`, 'x', 200);
          expect(shown).not.toContain(hidden);
          expect(maskedExcerpt([`${'a '.repeat(before / 2)}${text}`], 'x', 200)).not.toContain(hidden);
        }
      }
    }
  }, 60_000);

  it('costs no more for a value that is larger, deeper or full of odd signs', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 200_000; level += 1) deep = [deep];
    const values = [
      '% '.repeat(2_000_000),
      'token=a;'.repeat(2_000_000),
      Array.from({ length: 1_000_000 }, () => 'password=abcdefgh'),
      Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`${at}`, '%'])),
      { ['x'.repeat(1_000_000)]: 1 },
      deep,
    ];
    for (const value of values) expect(elapsed(() => maskedExcerpt(value, 'x', 200))).toBeLessThan(2_000);
  }, 60_000);
});

describe('an outline', () => {
  it('keeps the shape, cuts long texts and leaves out what is too much', () => {
    const actions = [
      { type: 'webhook', params: { url: 'https://h.example/hooks/abcdefgh', body: 'b '.repeat(1_000) } },
      { type: 'note', params: { body: 'short' } },
      ...Array.from({ length: 1_000 }, () => ({ type: 'more' })),
    ];
    const outline = maskedOutline(actions, 100, 2_000) as unknown[];
    expect(outline.slice(0, 2)).toEqual([
      { type: 'webhook', params: { url: 'https://h.example/hooks/***gh', body: `${'b '.repeat(50)}…` } },
      { type: 'note', params: { body: 'short' } },
    ]);
    expect(outline.length).toBeLessThan(400);
    expect(JSON.stringify(outline).length).toBeLessThan(8_000);
  });

  it('shows nothing of a secret that is cut', () => {
    for (let before = 0; before < 60; before += 1) {
      const text = `${'a '.repeat(before)}https://user:Zq7Zq7Zq7Zq7${'x'.repeat(50)}@host.example/`;
      expect(JSON.stringify(maskedOutline([text], 100, 2_000))).not.toContain('Zq7Zq7');
    }
  });
});
