import type { Collection, Connection, Model, Schema } from 'mongoose';

/** The model of a connection, made on first use; nothing is registered on mongoose's global instance. */
export function buildModel<D>(connection: Connection, collection: string, schema: Schema<D>): Model<D> {
  return (connection.models[collection] as Model<D> | undefined) ?? connection.model<D>(collection, schema, collection);
}

/** Options of every schema: unknown fields are issues, empty objects are kept, no version key of mongoose's. */
export const schemaOptions = { strict: 'throw', minimize: false, versionKey: false, autoIndex: false } as const;

/**
 * The driver's own collection below a model. The busy paths use it: mongoose would cast and check every document of
 * theirs, which this code has made itself.
 */
export function collectionFor<D extends object>(model: Model<D>): Collection<D> {
  return model.collection as unknown as Collection<D>;
}
