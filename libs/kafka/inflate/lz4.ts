/**
 * LZ4 frames (github.com/lz4/lz4, lz4_Frame_format.md). Checksums are not looked at: a record batch has one of its own,
 * and Kafka's first clients computed those of the frame wrongly.
 */
import { corrupt, tooLarge } from './inflate-error.ts';
import { copyLz4Block } from './lz4-block.ts';

const frameMagic = 0x184d2204;
const skippableMagic = 0x184d2a50;
const isStored = 0x8000_0000;

/** @throws InflateError */
export function inflateLz4(compressed: Buffer, limit: number): Buffer {
  const out = new Output(limit);
  let at = 0;
  const need = (bytes: number): number => {
    if (at + bytes > compressed.length) throw corrupt('the LZ4 frame ends early');
    at += bytes;
    return at - bytes;
  };
  while (at < compressed.length) {
    const magic = compressed.readUInt32LE(need(4));
    if (magic >= skippableMagic && magic <= skippableMagic + 15) {
      need(compressed.readUInt32LE(need(4)));
      continue;
    }
    if (magic !== frameMagic) throw corrupt('the bytes are no LZ4 frame');
    const flags = compressed.readUInt8(need(1));
    const blockBytes = maxBlockBytes(compressed.readUInt8(need(1)));
    if (flags >> 6 !== 1) throw corrupt('the LZ4 frame is of another version');
    if ((flags & 0x01) !== 0) throw corrupt('the LZ4 frame needs a dictionary');
    if ((flags & 0x08) !== 0) need(8);
    // The checksum of the header.
    need(1);
    const frameStart = out.length;
    for (;;) {
      const size = compressed.readUInt32LE(need(4));
      if (size === 0) break;
      const length = size % isStored;
      const start = need(length);
      const block = compressed.subarray(start, start + length);
      if (size >= isStored) out.append(block);
      else
        out.grow(blockBytes, (bytes, end) => copyLz4Block(block, bytes, { start: out.length, first: frameStart, end }));
      if ((flags & 0x10) !== 0) need(4);
    }
    if ((flags & 0x04) !== 0) need(4);
  }
  return out.bytes();
}

function maxBlockBytes(descriptor: number): number {
  const code = (descriptor >> 4) & 0x07;
  if (code < 4) throw corrupt('the LZ4 frame has blocks of an unknown size');
  return 2 ** (8 + 2 * code);
}

/** Grows as blocks come, up to the limit. */
class Output {
  length = 0;
  #bytes = Buffer.alloc(0);
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  append(block: Buffer): void {
    this.grow(block.length, (bytes, end) => (this.length + block.copy(bytes, this.length) <= end ? end : null));
  }

  /** @param write writes from `length` on, before `end`, and returns where it ended; null = there was not room enough */
  grow(most: number, write: (bytes: Buffer, end: number) => number | null): void {
    const wanted = this.length + most;
    const end = Math.min(wanted, this.#limit);
    if (this.#bytes.length < end) {
      const larger = Buffer.alloc(Math.min(this.#limit, Math.max(end, 2 * this.#bytes.length)));
      this.#bytes.copy(larger, 0, 0, this.length);
      this.#bytes = larger;
    }
    const ended = write(this.#bytes, end);
    if (ended === null)
      throw wanted > this.#limit ? tooLarge(this.#limit) : corrupt('an LZ4 block is larger than allowed');
    this.length = ended;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }
}
