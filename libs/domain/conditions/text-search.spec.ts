import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../testing/samples.ts';
import { textSearch } from './text-search.ts';

describe('textSearch', () => {
  it('finds what String.includes finds, whatever the lengths', () => {
    const random = randomNumbers(7);
    const text = (length: number): string => Array.from({ length }, () => (random() < 0.8 ? 'a' : 'b')).join('');
    for (let round = 0; round < 2000; round += 1) {
      const [part, whole] = [text(1 + Math.floor(random() * 60)), text(Math.floor(random() * 400))];
      expect(textSearch(part)(whole)).toBe(whole.includes(part));
      expect(textSearch(`${part}é${part}`)(`${whole}${part}é${part}${whole}`)).toBe(true);
    }
  });

  it('takes no longer than both texts are long', () => {
    // Everywhere the part matches but for its second character.
    const search = textSearch(`ab${'a'.repeat(3998)}`);
    const whole = 'a'.repeat(250_000);
    const since = performance.now();
    for (let round = 0; round < 10; round += 1) expect(search(whole)).toBe(false);
    expect(performance.now() - since).toBeLessThan(2000);
  });
});
