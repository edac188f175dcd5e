/** Zstandard frames, block by block, so that what inflates too far is given up before it fills the memory. */
import { Decompress } from 'fzstd';
import { corrupt, InflateError, tooLarge } from './inflate-error.ts';

const frameMagic = 0xfd2fb528;
/** Every decoder should have room for it (RFC 8878, 3.1.1.1.2); producers ask for it whatever they send. */
const usualWindow = 8 * 1024 * 1024;

/** @throws InflateError */
export function inflateZstd(compressed: Buffer, limit: number): Buffer {
  // The decoder makes room for the whole window of a frame before it has read a block of it.
  if (readWindow(compressed) > Math.max(limit, usualWindow)) throw tooLarge(limit);
  const blocks: Uint8Array[] = [];
  let size = 0;
  const decoder = new Decompress((block) => {
    size += block.length;
    if (size > limit) throw tooLarge(limit);
    blocks.push(block);
  });
  try {
    decoder.push(compressed, true);
  } catch (error) {
    throw error instanceof InflateError ? error : corrupt('the Zstandard frame cannot be read', { cause: error });
  }
  return Buffer.concat(blocks, size);
}

/** Bytes of the window that the first frame asks for (RFC 8878, 3.1.1.1); Kafka's clients write one frame. */
function readWindow(compressed: Buffer): number {
  if (compressed.length < 6 || compressed.readUInt32LE(0) !== frameMagic)
    throw corrupt('the bytes are no Zstandard frame');
  const flags = compressed.readUInt8(4);
  const isSingleSegment = (flags & 0x20) !== 0;
  if (!isSingleSegment) {
    const descriptor = compressed.readUInt8(5);
    const base = 2 ** (10 + (descriptor >> 3));
    return base + (base / 8) * (descriptor & 0x07);
  }
  // Without a window of its own a frame is as large as its content.
  const dictionaryBytes = [0, 1, 2, 4][flags & 0x03] ?? 0;
  const sizeBytes = [1, 2, 4, 8][flags >> 6] ?? 1;
  const at = 5 + dictionaryBytes;
  if (compressed.length < at + sizeBytes) throw corrupt('the Zstandard frame ends within its header');
  if (sizeBytes === 8) return Number(compressed.readBigUInt64LE(at));
  return compressed.readUIntLE(at, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
}
