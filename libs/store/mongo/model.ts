import type { Collection, Connection, HydratedDocument, InferRawDocTypeFromSchema, Model, Schema } from 'mongoose';

/** A model whose lean documents are just what is stored: without the version key, which no schema here has. */
export type DocumentModel<D> = Model<D, object, object, object, HydratedDocument<D>, Schema<D>, D>;

/** Gives the model of a connection, made on first use; nothing is registered on mongoose's global instance. */
export function defineModel<S extends Schema>(
  collection: string,
  schema: S,
): (connection: Connection) => DocumentModel<InferRawDocTypeFromSchema<S>> {
  return (connection) =>
    (connection.models[collection] ?? connection.model(collection, schema, collection)) as DocumentModel<
      InferRawDocTypeFromSchema<S>
    >;
}

/** Options of every schema: unknown fields are issues, empty objects are kept, no version key of mongoose's. */
export const schemaOptions = { strict: 'throw', minimize: false, versionKey: false, autoIndex: false } as const;

/**
 * The driver's own collection below a model, for busy paths alone; each says why. Mongoose would cast and check every
 * document of theirs, which this code has made itself.
 */
export function collectionFor<D extends object>(model: DocumentModel<D>): Collection<D> {
  return model.collection as unknown as Collection<D>;
}
