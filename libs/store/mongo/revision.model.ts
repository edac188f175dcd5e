/** `revisions`: counters that tell a cache whether it is stale, one document each. */
import { Schema, type Connection, type Model } from 'mongoose';
import { buildModel, schemaOptions } from './model.ts';

export interface RevisionDocument {
  /** `rules`: last change of rules that is written into every rule; `directory`: changes of accounts and groups. */
  _id: 'rules' | 'directory';
  n: number;
}

const schema = new Schema<RevisionDocument>(
  { _id: { type: String, required: true }, n: { type: Number, required: true } },
  schemaOptions,
);

export function revisionModel(connection: Connection): Model<RevisionDocument> {
  return buildModel(connection, 'revisions', schema);
}
