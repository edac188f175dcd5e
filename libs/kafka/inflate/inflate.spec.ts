import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { inflate, type Codec } from './inflate.ts';

const require = createRequire(import.meta.url);
const { compress } = require('snappyjs') as { compress: (bytes: Buffer) => Buffer };

const text = 'again and again and again and again, é😀';
/** What Kafka's Java clients make of the text. */
const written: Record<Codec, string> = {
  gzip: 'H4sIAAAAAAAA/0tMT8zMU0jMS1FIxMXSUTi88sP8GQ0A3J/VxisAAAA=',
  snappy: 'glNOQVBQWQAAAAABAAAAAQAAABgrJGFnYWluIGFuZCBiCgAcLCDDqfCfmIA=',
  lz4: 'BCJNGGBAghcAAACvYWdhaW4gYW5kIAoABoAsIMOp8J+YgAAAAAA=',
  zstd: 'KLUv/QBYxAAAkGFnYWluIGFuZCAsIMOp8J+YgAEAXQoSAQAA',
};

describe.each(Object.entries(written) as [Codec, string][])('%s', (codec, base64) => {
  const compressed = Buffer.from(base64, 'base64');
  const size = Buffer.byteLength(text);

  it('inflates what a Java producer wrote', async () => {
    expect((await inflate(codec, compressed, size)).toString()).toBe(text);
  });

  it('gives up what is larger than allowed', async () => {
    await expect(inflate(codec, compressed, size - 1)).rejects.toMatchObject({ reason: 'too_large' });
  });

  it('refuses what is cut off at any byte', async () => {
    for (let length = 1; length < compressed.length - 8; length += 1) {
      const result = await inflate(codec, compressed.subarray(0, length), 1000).catch((error: Error) => error.name);
      // A stream may hold nothing at all: the records are missing then.
      expect(['InflateError', ''], `${length} bytes`).toContain(result.toString());
    }
  });

  it('ends whatever byte is changed', async () => {
    for (let at = 0; at < compressed.length; at += 1) {
      for (const value of [0x00, 0x7f, 0xff]) {
        const changed = Buffer.from(compressed);
        changed[at] = value;
        const result = await inflate(codec, changed, 1000).catch((error: Error) => error.name);
        expect(typeof result === 'string' ? result : 'InflateError').toBe('InflateError');
      }
    }
  });
});

describe('snappy', () => {
  it('inflates a block without the frame of Java', async () => {
    const raw = compress(Buffer.from(text.repeat(50)));
    expect((await inflate('snappy', raw, 10_000)).toString()).toBe(text.repeat(50));
  });

  it('makes no room for a length that is only claimed', async () => {
    const claim = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0x00, 0x61]);
    await expect(inflate('snappy', claim, 10_000)).rejects.toMatchObject({ reason: 'too_large' });
  });
});

describe('lz4', () => {
  const header = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0x00]);
  const end = Buffer.alloc(4);
  const stored = (content: string): Buffer => sized(Buffer.from(content), 0x8000_0000);
  const sized = (block: Buffer, flag = 0): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(block.length + flag);
    return Buffer.concat([size, block]);
  };

  it('follows a match into the block before, over frames and what is to be skipped', async () => {
    // 1 literal, a match of 5 bytes 4 back, then 5 literals without a match.
    const linked = sized(Buffer.from([0x11, 0x2b, 0x04, 0x00, 0x50, ...Buffer.from('-tail')]));
    const skipped = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9]);
    const frames = Buffer.concat([header, stored('abc'), linked, end, skipped, header, stored('next'), end]);
    expect((await inflate('lz4', frames, 1000)).toString()).toBe('abc+abc+a-tailnext');
  });

  it('refuses a match before the frame', async () => {
    const far = sized(Buffer.from([0x11, 0x2b, 0x09, 0x00, 0x50, ...Buffer.from('-tail')]));
    const frame = Buffer.concat([header, stored('abc'), far, end]);
    await expect(inflate('lz4', frame, 1000)).rejects.toMatchObject({ reason: 'corrupt' });
  });

  it('repeats a single byte as often as a match says', async () => {
    // 1 literal, then 15 + 255 + 10 + 4 times the byte before.
    const block = Buffer.from([0x1f, 0x7a, 0x01, 0x00, 0xff, 0x0a, 0x50, ...Buffer.from('-tail')]);
    const frame = Buffer.concat([header, sized(block), end]);
    expect((await inflate('lz4', frame, 1000)).toString()).toBe(`${'z'.repeat(285)}-tail`);
  });
});

describe('zstd', () => {
  it('makes no room for a window that is only claimed', async () => {
    // A frame with a window of 1 GiB and one empty block.
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 0x01, 0x00, 0x00]);
    await expect(inflate('zstd', frame, 1000)).rejects.toMatchObject({ reason: 'too_large' });
  });

  it('stops a block that repeats one byte without an end', async () => {
    // Blocks of type 1 with 2 MiB each from four bytes.
    const block = Buffer.from([0xfa, 0xff, 0xff, 0x61]);
    const frame = Buffer.concat([
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]),
      ...Array<Buffer>(1000).fill(block),
    ]);
    await expect(inflate('zstd', frame, 5_000_000)).rejects.toMatchObject({ reason: 'too_large' });
  });
});
