/** What comes out of the bytes of a fetched partition, seen where kafkajs asks for it. */
import { createRequire } from 'node:module';
import { deflateSync, gzipSync } from 'node:zlib';
import { beforeEach, expect, it } from 'vitest';
import type { ConsumedMessage } from '../../message.ts';
import { limitInflating } from './fetched-records.ts';

interface Encoder {
  readonly buffer: Buffer;
}
type Entry = { key?: string; value: string | null; headers?: Record<string, unknown>; timestamp?: number };

const require = createRequire(import.meta.url);
const kafkajs = 'kafkajs/src/protocol';
const Record = require(`${kafkajs}/recordBatch/record/v0`) as (entry: object) => Encoder;
const MessageSet = require(`${kafkajs}/messageSet`) as (set: object) => Encoder;
const { decode } = require(`${kafkajs}/requests/fetch/v4/response.js`) as {
  decode: (bytes: Buffer) => Promise<{ responses: { partitions: { messages: ConsumedMessage[] }[] }[] }>;
};

beforeEach(() => limitInflating(100_000));

/** One batch of version 2. @param pack what becomes of the records, with the number of its codec */
function batch(
  firstOffset: number,
  entries: Entry[],
  pack: { codec: number; bytes?: (raw: Buffer) => Buffer } = { codec: 0 },
) {
  const raw = Buffer.concat(
    entries.map((entry, offsetDelta) => Record({ ...entry, offsetDelta, timestampDelta: 0 }).buffer),
  );
  return frame(firstOffset, entries.length, pack.codec, pack.bytes?.(raw) ?? raw);
}

function frame(firstOffset: number, count: number, codec: number, records: Buffer): Buffer {
  const header = Buffer.alloc(61);
  header.writeBigInt64BE(BigInt(firstOffset), 0);
  header.writeInt32BE(49 + records.length, 8);
  header.writeInt8(2, 16);
  header.writeInt16BE(codec, 21);
  header.writeInt32BE(count - 1, 23);
  header.writeBigInt64BE(1_700_000_000_000n, 27);
  header.writeBigInt64BE(1_700_000_000_001n, 35);
  header.writeBigInt64BE(-1n, 43);
  header.writeInt32BE(count, 57);
  return Buffer.concat([header, records]);
}

/** Messages of each partition in an answer to a fetch. */
async function fetched(...partitions: Buffer[]): Promise<ConsumedMessage[][]> {
  const int = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const parts = partitions.map((bytes, partition) =>
    // Partition, error code, high watermark, last stable offset, aborted transactions, records.
    Buffer.concat([int(partition), Buffer.alloc(2), Buffer.alloc(16), int(0), int(bytes.length), bytes]),
  );
  const answer = Buffer.concat([int(0), int(1), Buffer.from([0, 1, 0x74]), int(parts.length), ...parts]);
  const { responses } = await decode(answer);
  return responses[0]!.partitions.map(({ messages }) => messages);
}

const offsetsOf = (messages: ConsumedMessage[] | undefined): string[] => (messages ?? []).map(({ offset }) => offset);
const gzip = { codec: 1, bytes: (raw: Buffer) => gzipSync(raw) };

it('reads keys, values, times and headers, and a header that comes twice or has no value', async () => {
  const headers = { one: 'a', two: ['b', 'c'] };
  const [messages] = await fetched(batch(7, [{ key: 'k', value: 'v', headers }, { value: null }]));
  expect(messages).toMatchObject([
    { offset: '7', timestamp: '1700000000000', key: Buffer.from('k'), value: Buffer.from('v') },
    { offset: '8', key: null, value: null, headers: {} },
  ]);
  expect(messages?.[0]?.headers).toEqual({ one: Buffer.from('a'), two: [Buffer.from('b'), Buffer.from('c')] });
});

it('reads what stands around a batch with broken bytes, which comes out as one message', async () => {
  const broken = batch(10, [{ value: 'lost' }, { value: 'lost too' }], {
    codec: 4,
    bytes: () => Buffer.from('no zstd'),
  });
  const [messages] = await fetched(
    Buffer.concat([batch(9, [{ value: 'a' }]), broken, batch(12, [{ value: 'b' }], gzip)]),
  );
  expect(offsetsOf(messages)).toEqual(['9', '11', '12']);
  expect(messages?.map(({ unreadableBatch }) => unreadableBatch)).toEqual([
    undefined,
    {
      reason: 'batch_unreadable',
      message: '2 records at offsets 10 to 11, compressed with zstd: the bytes are no Zstandard frame',
      firstOffset: '10',
      lastOffset: '11',
    },
    undefined,
  ]);
  expect(messages?.[1]?.value).toEqual(broken);
});

it.each([
  ['an unknown codec', batch(0, [{ value: 'a' }], { codec: 5 })],
  ['fewer records than it says', frame(0, 3, 0, batch(0, [{ value: 'a' }]).subarray(61))],
  ['a record longer than the batch', frame(0, 1, 0, Buffer.from([0x7e, 0x00]))],
  ['a number without an end', frame(0, 1, 0, Buffer.alloc(20, 0xff))],
  ['more records than memory', frame(0, 2_000_000_000, 1, gzipSync(Buffer.alloc(10)))],
  ['deflated bytes of which half are missing', frame(0, 1, 1, deflateSync(Buffer.alloc(1000)).subarray(0, 8))],
])('gives up a batch with %s, and no other', async (_, bad) => {
  const [messages] = await fetched(Buffer.concat([bad, batch(2_000_000_000, [{ value: 'next' }])]));
  expect(messages).toHaveLength(2);
  expect(messages?.[0]?.unreadableBatch).toBeDefined();
  expect(messages?.[1]?.value).toEqual(Buffer.from('next'));
});

it('reads a batch of more records than a call may have arguments', async () => {
  limitInflating(100_000_000);
  const entries = Array<Entry>(200_000).fill({ value: 'x' });
  const [messages] = await fetched(batch(0, entries, gzip));
  expect(messages).toHaveLength(200_000);
});

it('inflates no more of one fetch than is allowed, but something of each partition', async () => {
  const large = (offset: number): Buffer => batch(offset, [{ value: 'x'.repeat(60_000) }], gzip);
  const three = Buffer.concat([large(0), large(1), large(2)]);
  const [first, second] = await fetched(three, three);
  expect([offsetsOf(first), offsetsOf(second)]).toEqual([['0', '1'], ['0']]);
});

it('stops at a batch that the answer cuts off', async () => {
  const whole = batch(0, [{ value: 'a' }]);
  const [messages] = await fetched(Buffer.concat([whole, batch(1, [{ value: 'b' }]).subarray(0, 40)]));
  expect(offsetsOf(messages)).toEqual(['0']);
});

it('reads messages from before Kafka 0.11, and gives up one that is broken', async () => {
  const set = (entries: Entry[]): Buffer =>
    MessageSet({ messageVersion: 1, compression: 0, entries: entries.map((one) => ({ ...one, timestamp: 5 })) }).buffer;
  const good = set([{ key: 'k', value: 'old' }]);
  good.writeBigInt64BE(3n);
  const packed = set([{ key: 'k', value: 'not gzip' }]);
  packed.writeBigInt64BE(4n);
  // The attributes come after the checksum and the version.
  packed.writeInt8(1, 17);
  const [messages] = await fetched(Buffer.concat([good, packed, batch(5, [{ value: 'new' }])]));
  expect(offsetsOf(messages)).toEqual(['3', '4', '5']);
  expect(messages?.map(({ unreadableBatch }) => unreadableBatch?.reason)).toEqual([
    undefined,
    'batch_unreadable',
    undefined,
  ]);
  expect(messages?.[0]?.value).toEqual(Buffer.from('old'));
});
