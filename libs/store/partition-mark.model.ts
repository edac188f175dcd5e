/** `partition_marks`: how far each Kafka partition is carried out, `_id` = cluster/topic/partition. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { PartitionId } from '#libs/domain/ledger.ts';
import { modelOf, schemaOptions } from './model.ts';

export interface PartitionMarkDocument {
  _id: string;
  /** 64-bit: offsets may pass what a double holds exactly. */
  next: bigint;
  at: Date;
}

const schema = new Schema<PartitionMarkDocument>(
  {
    _id: { type: String, required: true },
    next: { type: BigInt, required: true },
    at: { type: Date, required: true },
  },
  schemaOptions,
);

export function partitionMarkModel(connection: Connection): Model<PartitionMarkDocument> {
  return modelOf(connection, 'partition_marks', schema);
}

export function markKey({ cluster, topic, partition }: PartitionId): string {
  return `${cluster}/${topic}/${partition}`;
}
