/**
 * Reading and inserting many documents by their natural keys. FerretDB looks documents up quickly only by one `_id`
 * at a time (`$in` reads the whole collection), so many are read by many lookups side by side; on MongoDB that costs
 * little more than `$in`.
 */
import mongoose, { type Collection } from 'mongoose';
import { mapLimited } from './limited.ts';
import { duplicateKey } from './store-error.ts';

export interface Keyed {
  _id: string | number;
}

/** @returns the documents that exist, by id, in the order of `ids` */
export async function findByIds<D extends Keyed>(
  collection: Collection<D>,
  ids: Iterable<D['_id']>,
  projection?: { [Field in keyof D]?: 1 },
): Promise<Map<D['_id'], D>> {
  const wanted = [...new Set(ids)];
  const found = await mapLimited(wanted, (id) => findById(collection, id, projection));
  const documents = new Map<D['_id'], D>();
  wanted.forEach((id, index) => {
    const document = found[index];
    if (document) documents.set(id, document);
  });
  return documents;
}

export async function findById<D extends Keyed>(
  collection: Collection<D>,
  id: D['_id'],
  projection?: { [Field in keyof D]?: 1 },
): Promise<D | null> {
  const filter = { _id: id } as mongoose.mongo.Filter<D>;
  return (await collection.findOne(filter, projection ? { projection } : {})) as D | null;
}

/**
 * Inserts documents side by side; those whose `_id` exists are left alone.
 * @returns indexes of the documents that existed, earlier ones of the same call included
 */
export async function insertNew<D extends Keyed>(collection: Collection<D>, documents: D[]): Promise<number[]> {
  if (documents.length === 0) return [];
  try {
    await collection.insertMany(documents as mongoose.mongo.OptionalUnlessRequiredId<D>[], { ordered: false });
    return [];
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) throw error;
    const failed = [error.writeErrors].flat();
    const onlyDuplicates = failed.length > 0 && failed.every((one) => one.code === duplicateKey);
    if (!onlyDuplicates || error.result.getWriteConcernError() !== undefined) throw error;
    return failed.map((one) => one.index);
  }
}
