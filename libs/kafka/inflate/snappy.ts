/** Snappy as producers send it: one raw block, or the stream of blocks that Java's clients write ("xerial"). */
import { createRequire } from 'node:module';
import { corrupt, tooLarge } from './inflate-error.ts';

// It comes without types.
const require = createRequire(import.meta.url);
const { uncompress } = require('snappyjs') as { uncompress: (block: Buffer) => Buffer };

const streamMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
/** Magic, version, and the least version that can read it. */
const streamHeaderBytes = 16;

/** @throws InflateError */
export function inflateSnappy(compressed: Buffer, limit: number): Buffer {
  if (!isStreamHeader(compressed, 0)) return inflateBlock(compressed, limit);
  const blocks: Buffer[] = [];
  let size = 0;
  for (let at = 0; at < compressed.length;) {
    // Streams that were put together have a header each.
    if (isStreamHeader(compressed, at)) {
      at += streamHeaderBytes;
      continue;
    }
    if (at + 4 > compressed.length) throw corrupt('the snappy stream ends within the length of a block');
    const start = at + 4;
    at = start + compressed.readUInt32BE(at);
    if (at > compressed.length) throw corrupt('the snappy stream ends within a block');
    const block = inflateBlock(compressed.subarray(start, at), limit - size);
    size += block.length;
    blocks.push(block);
  }
  return Buffer.concat(blocks, size);
}

function inflateBlock(block: Buffer, limit: number): Buffer {
  if (readLength(block) > limit) throw tooLarge(limit);
  try {
    return uncompress(block);
  } catch (error) {
    throw corrupt('the snappy block cannot be read', { cause: error });
  }
}

/** A block begins with its inflated length, seven bits a byte, the lowest first. */
function readLength(block: Buffer): number {
  let length = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = block[index];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return length;
  }
  throw corrupt('the snappy block does not begin with its length');
}

function isStreamHeader(bytes: Buffer, at: number): boolean {
  return bytes.length >= at + streamHeaderBytes && bytes.subarray(at, at + streamMagic.length).equals(streamMagic);
}
