/**
 * Takes the place of what kafkajs 2.2 makes of a fetched partition. kafkajs inflates gzip only, without a limit, and one
 * batch that it cannot read fails the whole fetch, again and again, so that nothing behind it is ever read.
 *
 * With this, every codec of Kafka is read, up to a limit, and a batch that cannot be read comes out as one message that
 * stands for it (`UnreadableBatch`). `test/integration/kafka/contract` shows that it is in place.
 */
import kafkajs from 'kafkajs';
import { createRequire } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf } from '#libs/domain/errors/errors.ts';
import { codecs, inflate } from '../../inflate/inflate.ts';
import { InflateError } from '../../inflate/inflate-error.ts';
import type { ConsumedMessage, UnreadableBatch } from '../../message.ts';
import { readBatch, readBatchHeader, type FetchedRecord } from './record-batch.ts';

/** kafkajs's own reader, which stands for one answer to a fetch. */
interface ResponseReader {
  readInt32(): number;
  canReadBytes(length: number): boolean;
  readBytes(length: number): Buffer;
}

/** Offset and length of a batch come before what the length counts. */
const prefixBytes = 12;
const magicAt = 16;
/** Inflating is work for the processor: heartbeats get their turn after so long, in milliseconds. */
const turnMs = 20;

const require = createRequire(import.meta.url);
const readerPath = 'kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js';
const readByKafkajs = require(readerPath) as (response: ResponseReader) => Promise<{ value: Buffer | null }[]>;
// kafkajs asks for the module when it makes its first fetch.
require.cache[require.resolve(readerPath)]!.exports = readFetchedRecords;
const Decoder = require('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => ResponseReader;

let limit = 0;
for (const [number, codec] of Object.entries(codecs)) {
  kafkajs.CompressionCodecs[Number(number) as keyof typeof kafkajs.CompressionCodecs] = () => ({
    decompress: (compressed: Buffer) => inflate(codec, compressed, limit),
    compress: () => Promise.reject(new Error(`signalbox does not write ${codec}`)),
  });
}

/** What has been inflated of each answer. */
const toInflated = new WeakMap<ResponseReader, number>();

/**
 * Holds for every consumer of the process.
 * @param bytes of one batch; also what is inflated of one fetch, beyond the first batch of each partition
 */
export function limitInflating(bytes: number): void {
  limit = bytes;
}

/** @returns the records of one partition in their order */
async function readFetchedRecords(response: ResponseReader): Promise<object[]> {
  const size = response.readInt32();
  if (size <= 0 || !response.canReadBytes(size)) return [];
  const bytes = response.readBytes(size);
  const records: object[] = [];
  let turn = performance.now();
  for (let at = 0; at + prefixBytes <= bytes.length;) {
    const end = at + prefixBytes + bytes.readInt32BE(at + 8);
    // The last batch of a fetch may be cut off.
    if (end > bytes.length) break;
    if (end - at <= magicAt) throw new RangeError('a record batch is shorter than its header');
    const inflatedBefore = toInflated.get(response) ?? 0;
    // The rest is fetched again, once these have been processed.
    if (at > 0 && inflatedBefore > limit) break;
    const { records: read, inflated } = await readOrReplace(bytes.subarray(at, end));
    for (const record of read) records.push(record);
    toInflated.set(response, inflatedBefore + inflated);
    at = end;
    if (performance.now() - turn > turnMs) {
      await nextTurn();
      turn = performance.now();
    }
  }
  return records;
}

async function readOrReplace(batch: Buffer): Promise<{ records: object[]; inflated: number }> {
  const isLegacy = batch.readInt8(magicAt) < 2;
  try {
    return isLegacy ? await readLegacyMessage(batch) : await readBatch(batch, limit);
  } catch (error) {
    return { records: [isLegacy ? replaceLegacyMessage(batch, error) : replaceBatch(batch, error)], inflated: 0 };
  }
}

/** Written before Kafka 0.11: kafkajs reads it, with the codecs of ours. */
async function readLegacyMessage(message: Buffer): Promise<{ records: object[]; inflated: number }> {
  const size = Buffer.alloc(4);
  size.writeInt32BE(message.length);
  const records = await readByKafkajs(new Decoder(Buffer.concat([size, message])));
  return { records, inflated: records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0) };
}

function replaceLegacyMessage(message: Buffer, error: unknown): ConsumedMessage & { magicByte: number } {
  const offset = String(message.readBigInt64BE(0));
  return {
    magicByte: message.readInt8(magicAt),
    offset,
    timestamp: '0',
    key: null,
    value: message,
    headers: {},
    unreadableBatch: whyNot(`the records up to offset ${offset}`, offset, offset, error),
  };
}

function replaceBatch(batch: Buffer, error: unknown): FetchedRecord {
  const { context, codec, count } = readBatchHeader(batch);
  const { firstOffset, lastOffset } = context;
  const how = codec === null ? '' : `, compressed with ${codec}`;
  const what = `${count} records at offsets ${firstOffset} to ${lastOffset}${how}`;
  return {
    magicByte: 2,
    attributes: 0,
    timestamp: context.maxTimestamp,
    offset: lastOffset,
    key: null,
    value: batch,
    headers: {},
    isControlRecord: context.isControlBatch,
    batchContext: context,
    unreadableBatch: whyNot(what, firstOffset, lastOffset, error),
  };
}

function whyNot(what: string, firstOffset: string, lastOffset: string, error: unknown): UnreadableBatch {
  const isTooLarge = error instanceof InflateError && error.reason === 'too_large';
  return isTooLarge
    ? {
        reason: 'batch_too_large',
        message: `${what}: inflated they take more than KAFKA_MAX_INFLATED_BYTES (${limit})`,
        firstOffset,
        lastOffset,
      }
    : { reason: 'batch_unreadable', message: `${what}: ${messageOf(error)}`, firstOffset, lastOffset };
}
