import { describe, expect, it } from 'vitest';
import { countSmsParts } from './sms-parts.ts';

describe('countSmsParts', () => {
  it.each<[string, string, ReturnType<typeof countSmsParts>]>([
    ['nothing', '', { encoding: 'gsm', units: 0, parts: 0 }],
    ['160 letters', 'a'.repeat(160), { encoding: 'gsm', units: 160, parts: 1 }],
    ['161 letters', 'a'.repeat(161), { encoding: 'gsm', units: 161, parts: 2 }],
    ['306 letters', 'a'.repeat(306), { encoding: 'gsm', units: 306, parts: 2 }],
    ['307 letters', 'a'.repeat(307), { encoding: 'gsm', units: 307, parts: 3 }],
    ['characters of the extension table', '€'.repeat(80), { encoding: 'gsm', units: 160, parts: 1 }],
    [
      'one of them at the border of a part',
      `${'a'.repeat(152)}€${'a'.repeat(152)}`,
      { encoding: 'gsm', units: 306, parts: 3 },
    ],
    ['70 characters beyond the GSM alphabet', 'ы'.repeat(70), { encoding: 'unicode', units: 70, parts: 1 }],
    ['71 of them', 'ы'.repeat(71), { encoding: 'unicode', units: 71, parts: 2 }],
    ['emoji', '🎉'.repeat(35), { encoding: 'unicode', units: 70, parts: 1 }],
    [
      'an emoji at the border of a part',
      `${'a'.repeat(66)}🎉${'a'.repeat(66)}`,
      { encoding: 'unicode', units: 134, parts: 3 },
    ],
  ])('counts %s', (_, text, expected) => {
    expect(countSmsParts(text)).toEqual(expected);
  });
});
