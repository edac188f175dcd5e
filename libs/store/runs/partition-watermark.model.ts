/** `partition_marks`: how far each Kafka partition is processed, `_id` = cluster/topic/topic id/partition. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { PartitionId } from '#libs/domain/runs/run-ledger.ts';
import type { OffsetRange, Watermark } from '#libs/domain/events/watermark.ts';
import { buildModel, schemaOptions } from '../mongo/model.ts';

/** Offsets are decimal text: they may pass what a double holds exactly. Ranges are `from-to`, `to` not included. */
export interface PartitionWatermarkDocument {
  _id: string;
  revision: number;
  /** The partition without the id of its topic, which changes when the topic is made anew. */
  place: string;
  next: string;
  passed_over: string[];
  reopened: string[];
  decided: string[];
}

const schema = new Schema<PartitionWatermarkDocument>(
  {
    _id: { type: String, required: true },
    revision: { type: Number, required: true },
    place: { type: String, required: true },
    next: { type: String, required: true },
    passed_over: { type: [String], required: true },
    reopened: { type: [String], required: true },
    decided: { type: [String], required: true },
  },
  schemaOptions,
);
schema.index({ place: 1 });

export function partitionWatermarkModel(connection: Connection): Model<PartitionWatermarkDocument> {
  return buildModel(connection, 'partition_watermarks', schema);
}

export function watermarkKey({ cluster, topic, topicId, partition }: PartitionId): string {
  return `${cluster}/${topic}/${topicId ?? '-'}/${partition}`;
}

export function positionKey({ cluster, topic, partition }: PartitionId): string {
  return `${cluster}/${topic}/${partition}`;
}

export function toWatermarkFields(mark: Watermark): Omit<PartitionWatermarkDocument, '_id' | 'revision' | 'place'> {
  return {
    next: String(mark.next),
    passed_over: mark.passedOver.map(toText),
    reopened: mark.reopened.map(toText),
    decided: mark.decided.map(toText),
  };
}

export function toWatermark({ next, passed_over, reopened, decided }: PartitionWatermarkDocument): Watermark {
  return {
    next: BigInt(next),
    passedOver: passed_over.map(toRange),
    reopened: reopened.map(toRange),
    decided: decided.map(toRange),
  };
}

function toText({ from, to }: OffsetRange): string {
  return `${from}-${to}`;
}

function toRange(text: string): OffsetRange {
  const [from = '0', to = '0'] = text.split('-');
  return { from: BigInt(from), to: BigInt(to) };
}
