/** How many parts an SMS goes out in: each costs. @see 3GPP TS 23.038 (the GSM alphabet), TS 23.040 (concatenation) */

export interface SmsParts {
  /** `gsm`: seven bits a character. `unicode`: sixteen, as soon as one character is not of the GSM alphabet. */
  encoding: 'gsm' | 'unicode';
  /** Units of the encoding; characters of the extension table, and emoji, take two. */
  units: number;
  parts: number;
}

const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extension = new Set('\f^{}\\[~]|€');

/** Units of a message alone, and of each part of several, which also says where it belongs. */
const limits = { gsm: { alone: 160, part: 153 }, unicode: { alone: 70, part: 67 } } as const;

export function countSmsParts(text: string): SmsParts {
  const characters = Array.from(text);
  const encoding = characters.every((one) => basic.has(one) || extension.has(one)) ? 'gsm' : 'unicode';
  const sizes = characters.map((one) => (encoding === 'unicode' ? one.length : extension.has(one) ? 2 : 1));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const { alone, part } = limits[encoding];
  if (units <= alone) return { encoding, units, parts: units === 0 ? 0 : 1 };
  let parts = 1;
  let used = 0;
  for (const size of sizes) {
    // No character is divided over two parts.
    if (used + size > part) {
      parts += 1;
      used = 0;
    }
    used += size;
  }
  return { encoding, units, parts };
}
