/** `partition_watermarks`: how far each Kafka partition is processed, `_id` = cluster/topic/topic id/partition. */
import { Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import type { PartitionId } from '#libs/domain/runs/run-ledger.ts';
import type { OffsetRange, Watermark } from '#libs/domain/events/watermark.ts';
import { required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';

/** Offsets are decimal text: they may pass what a double holds exactly. Ranges are `from-to`, `to` not included. */
const schema = Schema.create(
  {
    _id: required(String),
    revision: required(Number),
    /** The partition without the id of its topic, which changes when the topic is made anew. */
    place: required(String),
    next: required(String),
    passed_over: required([String]),
    reopened: required([String]),
    decided: required([String]),
  },
  schemaOptions,
);
type PartitionWatermarkDocument = InferRawDocTypeFromSchema<typeof schema>;
schema.index({ place: 1 });

export const partitionWatermarkModel = defineModel('partition_watermarks', schema);

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
