/** The codecs a producer may choose, in one place. None inflates further than it is told. */
import { promisify } from 'node:util';
import { unzip } from 'node:zlib';
import { corrupt, tooLarge } from './inflate-error.ts';
import { inflateLz4 } from './lz4.ts';
import { inflateSnappy } from './snappy.ts';
import { inflateZstd } from './zstd.ts';

/** By their number in the attributes of a batch. */
export const codecs = { 1: 'gzip', 2: 'snappy', 3: 'lz4', 4: 'zstd' } as const;

export type Codec = (typeof codecs)[keyof typeof codecs];

type Inflate = (compressed: Buffer, limit: number) => Buffer | Promise<Buffer>;

const unzipped = promisify<Buffer, { maxOutputLength: number }, Buffer>(unzip);

const inflaters: Record<Codec, Inflate> = {
  gzip: inflateGzip,
  snappy: inflateSnappy,
  lz4: inflateLz4,
  zstd: inflateZstd,
};

/** @param limit bytes of the result at most. @throws InflateError */
export async function inflate(codec: Codec, compressed: Buffer, limit: number): Promise<Buffer> {
  return await inflaters[codec](compressed, limit);
}

async function inflateGzip(compressed: Buffer, limit: number): Promise<Buffer> {
  try {
    return await unzipped(compressed, { maxOutputLength: limit });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(limit) : corrupt('the gzip data cannot be read', { cause: error });
  }
}
