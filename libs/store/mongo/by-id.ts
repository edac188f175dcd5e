/**
 * Reading and inserting many documents by their natural keys. FerretDB looks documents up quickly only by one `_id`
 * at a time (`$in` reads the whole collection), so many are read by many lookups side by side; on MongoDB that costs
 * little more than `$in`.
 */
import mongoose, { type Collection } from 'mongoose';
import { setTimeout as sleep } from 'node:timers/promises';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { duplicateKey, isDuplicateKey } from './store-error.ts';

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

/**
 * The same, and what is stored under those ids. A document that stood in the way and is gone when it is looked for (a
 * primary that failed took it back, somebody removed it) is inserted after all.
 * @returns by index, the documents that existed
 * @throws RetryableError `store_unavailable` when the store goes on refusing what it does not show
 */
export async function insertOrFind<D extends Keyed>(
  collection: Collection<D>,
  documents: D[],
  projection?: { [Field in keyof D]?: 1 },
): Promise<Map<number, D>> {
  const stored = new Map<number, D>();
  let left = documents.map((_, index) => index);
  await untilTold(async () => {
    const taken = await insertNew(
      collection,
      left.map((index) => documents[index]!),
    );
    const existed = taken.map((at) => left[at]!);
    const found = await findByIds(
      collection,
      existed.map((index) => documents[index]!._id),
      projection,
    );
    for (const index of existed) {
      const document = found.get(documents[index]!._id);
      if (document !== undefined) stored.set(index, document);
    }
    left = existed.filter((index) => !stored.has(index));
    return left.length === 0;
  });
  return stored;
}

/**
 * An upsert over documents that fulfil a condition. Where one stands that does not, the store tries to insert beside
 * it and finds the id taken; the same happens when two upserts insert at once, and then it is tried again.
 * @returns false when a document that does not fulfil `over` stands there
 * @throws RetryableError `store_unavailable` when the store goes on refusing what it does not show
 */
export async function upsertOver<D extends Keyed>(
  collection: Collection<D>,
  { _id, ...over }: mongoose.mongo.Filter<D> & Pick<D, '_id'>,
  upsert: (filter: mongoose.mongo.Filter<D>) => Promise<unknown>,
): Promise<boolean> {
  const filter = { _id, ...over } as mongoose.mongo.Filter<D>;
  let isWritten = false;
  await untilTold(async () => {
    try {
      await upsert(filter);
      return (isWritten = true);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    if ((await collection.findOne(filter, { projection: { _id: 1 } })) !== null) return false;
    return (await findById(collection, _id, { _id: 1 })) !== null;
  });
  return isWritten;
}

const rounds = 10;
const maxPauseMs = 200;

async function untilTold(attempt: () => Promise<boolean>): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    if (await attempt()) return;
    await sleep(Math.random() * Math.min(maxPauseMs, 5 * 2 ** round));
  }
  throw new RetryableError('store_unavailable', 'The store refuses an id as taken and shows no document under it');
}
