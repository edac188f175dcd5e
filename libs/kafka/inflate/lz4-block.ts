/** One LZ4 block (github.com/lz4/lz4, lz4_Block_format.md): literals, then a match in what was written before, again and again. */
import { corrupt } from './inflate-error.ts';

export interface Lz4Place {
  /** Where the block's bytes go. */
  start: number;
  /** A match may begin here at the earliest. */
  first: number;
  /** Nothing may be written from here on. */
  end: number;
}

const minMatch = 4;

/** @returns where the output ends; null when there is not room enough for it. @throws InflateError */
export function copyLz4Block(block: Buffer, out: Buffer, { start, first, end }: Lz4Place): number | null {
  let from = 0;
  let to = start;
  const next = (): number => {
    const byte = block[from];
    if (byte === undefined) throw corrupt('an LZ4 block ends early');
    from += 1;
    return byte;
  };
  const lengthFrom = (nibble: number): number => {
    let length = nibble;
    if (nibble < 15) return length;
    for (;;) {
      const byte = next();
      length += byte;
      if (byte < 255) return length;
    }
  };
  for (;;) {
    const token = next();
    const literals = lengthFrom(token >> 4);
    if (from + literals > block.length) throw corrupt('an LZ4 block ends within its literals');
    if (to + literals > end) return null;
    block.copy(out, to, from, from + literals);
    from += literals;
    to += literals;
    // The last sequence has no match.
    if (from === block.length) return to;
    const distance = next() + next() * 256;
    if (distance === 0 || to - distance < first) throw corrupt('an LZ4 block refers to what is not there');
    const length = lengthFrom(token & 0x0f) + minMatch;
    if (to + length > end) return null;
    // A match may overlap what it writes: it is copied in pieces no longer than what is there already.
    for (const matchEnd = to + length; to < matchEnd;) {
      const piece = Math.min(distance, matchEnd - to);
      out.copyWithin(to, to - distance, to - distance + piece);
      to += piece;
    }
  }
}
