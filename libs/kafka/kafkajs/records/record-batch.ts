/** Kafka's record batch, version 2 (kafka.apache.org/documentation/#recordbatch), and the records in it. */
import { codecs, inflate, type Codec } from '../../inflate/inflate.ts';
import { tooLarge } from '../../inflate/inflate-error.ts';
import type { ConsumedMessage } from '../../message.ts';
import { ByteReader } from './byte-reader.ts';

/** The bytes up to and with the number of records. */
const batchHeaderBytes = 61;

/** What kafkajs wants to know of a batch besides its records. */
export interface BatchContext {
  firstOffset: string;
  lastOffset: string;
  maxTimestamp: string;
  producerId: string;
  inTransaction: boolean;
  isControlBatch: boolean;
}

export interface BatchHeader {
  context: BatchContext;
  /** `null` = not compressed, `unknown` = by a codec that Kafka did not have in 2026. */
  codec: Codec | 'unknown' | null;
  firstTimestamp: bigint;
  /** The broker's time stands for all records. */
  isLogAppendTime: boolean;
  count: number;
}

export interface FetchedRecord extends ConsumedMessage {
  magicByte: number;
  attributes: number;
  headers: Record<string, Buffer | null | (Buffer | null)[]>;
  isControlRecord: boolean;
  batchContext: BatchContext;
}

/** What an object for a record takes in memory at least, however small the record is. */
const leastRecordBytes = 64;

/** @param batch begins with a batch's header */
export function readBatchHeader(batch: Buffer): BatchHeader {
  const firstOffset = batch.readBigInt64BE(0);
  const attributes = batch.readInt16BE(21);
  const maxTimestamp = batch.readBigInt64BE(35);
  const codec = attributes & 0x07;
  return {
    context: {
      firstOffset: String(firstOffset),
      lastOffset: String(firstOffset + BigInt(batch.readInt32BE(23))),
      maxTimestamp: String(maxTimestamp),
      producerId: String(batch.readBigInt64BE(43)),
      inTransaction: (attributes & 0x10) !== 0,
      isControlBatch: (attributes & 0x20) !== 0,
    },
    codec: codec === 0 ? null : (codecs[codec as keyof typeof codecs] ?? 'unknown'),
    firstTimestamp: batch.readBigInt64BE(27),
    isLogAppendTime: (attributes & 0x08) !== 0,
    count: batch.readInt32BE(57),
  };
}

/**
 * @param batch one batch, whole
 * @param limit bytes of the inflated records at most
 * @returns the records, and how many bytes they were inflated to (0 = they are not compressed)
 * @throws InflateError, RangeError
 */
export async function readBatch(batch: Buffer, limit: number): Promise<{ records: FetchedRecord[]; inflated: number }> {
  const header = readBatchHeader(batch);
  const { codec, count } = header;
  const given = batch.subarray(batchHeaderBytes);
  if (codec === null) return { records: readRecords(given, header), inflated: 0 };
  if (codec === 'unknown') throw new RangeError('they are compressed with an unknown codec');
  if (count * leastRecordBytes > limit) throw tooLarge(limit);
  const bytes = await inflate(codec, given, limit);
  return { records: readRecords(bytes, header), inflated: Math.max(bytes.length, count * leastRecordBytes) };
}

function readRecords(bytes: Buffer, header: BatchHeader): FetchedRecord[] {
  const reader = new ByteReader(bytes);
  const records: FetchedRecord[] = [];
  const firstOffset = BigInt(header.context.firstOffset);
  for (let index = 0; index < header.count; index += 1) {
    records.push(readRecord(new ByteReader(reader.take(reader.varint())), firstOffset, header));
  }
  return records;
}

function readRecord(
  reader: ByteReader,
  firstOffset: bigint,
  { context, firstTimestamp, isLogAppendTime }: BatchHeader,
): FetchedRecord {
  const attributes = reader.byte();
  const timestamp = firstTimestamp + reader.varlong();
  const offset = firstOffset + BigInt(reader.varint());
  return {
    magicByte: 2,
    attributes,
    timestamp: isLogAppendTime ? context.maxTimestamp : String(timestamp),
    offset: String(offset),
    key: reader.bytes(),
    value: reader.bytes(),
    headers: readHeaders(reader),
    isControlRecord: context.isControlBatch,
    batchContext: context,
  };
}

/** A name may come more than once: then it has a list of values. */
function readHeaders(reader: ByteReader): FetchedRecord['headers'] {
  const count = reader.varint();
  if (count === 0) return {};
  const values = new Map<string, Buffer | null | (Buffer | null)[]>();
  for (let left = count; left > 0; left -= 1) {
    const name = reader.bytes()?.toString() ?? '';
    const value = reader.bytes();
    const former = values.get(name);
    if (former === undefined) values.set(name, value);
    else if (Array.isArray(former)) former.push(value);
    else values.set(name, [former, value]);
  }
  return Object.fromEntries(values);
}
