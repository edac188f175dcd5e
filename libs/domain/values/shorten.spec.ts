import { describe, expect, it } from 'vitest';
import { cut, shorten } from './shorten.ts';

const family = '👨‍👩‍👧';
const accented = 'e\u0301';

describe('a text that is cut', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'abc'],
    ['ab😀', 3, 'ab'],
    ['ab😀', 4, 'ab😀'],
    [`a${family}b`, 8, 'a'],
    [`a${family}b`, 9, `a${family}`],
    [`a${accented}b`, 2, 'a'],
    [`a${accented}b`, 3, `a${accented}`],
    ['a🇧🇷🇵🇹', 7, 'a🇧🇷'],
    ['a\r\nb', 2, 'a'],
    ['😀', 1, ''],
    ['abc', 0, ''],
  ])('of %j has at most %i units and whole characters: %j', (text, most, expected) => {
    expect(cut(text, most)).toBe(expected);
  });

  it('ends in an ellipsis, which counts', () => {
    expect(shorten('abc', 3)).toBe('abc');
    expect(shorten('abcd', 3)).toBe('ab…');
    expect(shorten('a😀bc', 3)).toBe('a…');
  });

  it('is well formed at every length, also where one character never ends', () => {
    for (const text of [
      '😀'.repeat(200),
      `e${'\u0301'.repeat(500)}`,
      family.repeat(60),
      `😀${'\u{E0061}'.repeat(300)}`,
    ]) {
      for (let most = 0; most < text.length; most += 1) {
        const beginning = cut(text, most);
        expect(beginning).not.toMatch(/\p{Cs}/u);
        expect(text.startsWith(beginning)).toBe(true);
        expect(beginning.length).toBeGreaterThan(most - 66);
        expect(beginning.length).toBeLessThanOrEqual(most);
      }
    }
  });

  it('takes no longer because much is cut off', () => {
    const text = 'a😀'.repeat(5_000_000);
    const since = performance.now();
    for (let round = 0; round < 100; round += 1) cut(text, 1000);
    expect(performance.now() - since).toBeLessThan(500);
  });
});
