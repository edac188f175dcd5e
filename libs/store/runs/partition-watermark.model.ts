/** `partition_marks`: how far each Kafka partition is processed, `_id` = cluster/topic/topic id/partition. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { PartitionId } from '#libs/domain/runs/run-ledger.ts';
import type { OffsetRange, Watermark } from '#libs/domain/events/watermark.ts';
import { modelOf, schemaOptions } from '../mongo/model.ts';

/** Offsets are decimal text: they may pass what a double holds exactly. Ranges are `from-to`, `to` not included. */
export interface PartitionMarkDocument {
  _id: string;
  revision: number;
  /** The partition without the id of its topic, which changes when the topic is made anew. */
  place: string;
  next: string;
  passed_over: string[];
  reopened: string[];
  decided: string[];
}

const schema = new Schema<PartitionMarkDocument>(
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

export function partitionMarkModel(connection: Connection): Model<PartitionMarkDocument> {
  return modelOf(connection, 'partition_marks', schema);
}

export function markKey({ cluster, topic, topicId, partition }: PartitionId): string {
  return `${cluster}/${topic}/${topicId ?? '-'}/${partition}`;
}

export function placeKey({ cluster, topic, partition }: PartitionId): string {
  return `${cluster}/${topic}/${partition}`;
}

export function markFieldsOf(mark: Watermark): Omit<PartitionMarkDocument, '_id' | 'revision' | 'place'> {
  return {
    next: String(mark.next),
    passed_over: mark.passedOver.map(textOf),
    reopened: mark.reopened.map(textOf),
    decided: mark.decided.map(textOf),
  };
}

export function markOf({ next, passed_over, reopened, decided }: PartitionMarkDocument): Watermark {
  return {
    next: BigInt(next),
    passedOver: passed_over.map(rangeOf),
    reopened: reopened.map(rangeOf),
    decided: decided.map(rangeOf),
  };
}

function textOf({ from, to }: OffsetRange): string {
  return `${from}-${to}`;
}

function rangeOf(text: string): OffsetRange {
  const [from = '0', to = '0'] = text.split('-');
  return { from: BigInt(from), to: BigInt(to) };
}
