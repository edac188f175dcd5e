/**
 * Reading and inserting many documents by their natural keys. FerretDB looks documents up quickly only by one `_id`
 * at a time (`$in` reads the whole collection), so many are read by many lookups side by side; on MongoDB that costs
 * little more than `$in`.
 */
import mongoose, { type Collection, type QueryFilter } from 'mongoose';
import { setTimeout as sleep } from 'node:timers/promises';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import type { DocumentModel } from './model.ts';
import { duplicateKey, isDuplicateKey } from './store-error.ts';

export interface Keyed {
  _id: string | number;
}

/** Where documents are: their model, or on a busy path the driver's collection below it. */
export type Source<D extends Keyed> = DocumentModel<D> | Collection<D>;

type Projection<D> = { [Field in keyof D]?: 1 };

/** @returns the documents that exist, by id, in the order of `ids` */
export async function findByIds<D extends Keyed>(
  source: Source<D>,
  ids: Iterable<D['_id']>,
  projection?: Projection<D>,
): Promise<Map<D['_id'], D>> {
  const wanted = [...new Set(ids)];
  const found = await mapLimited(wanted, (id) => findById(source, id, projection));
  const documents = new Map<D['_id'], D>();
  wanted.forEach((id, index) => {
    const document = found[index];
    if (document) documents.set(id, document);
  });
  return documents;
}

export async function findById<D extends Keyed>(
  source: Source<D>,
  id: D['_id'],
  projection?: Projection<D>,
): Promise<D | null> {
  if (isModel(source)) return source.findById(id, projection).lean<D>();
  const filter = { _id: id } as mongoose.mongo.Filter<D>;
  return (await source.findOne(filter, projection ? { projection } : {})) as D | null;
}

export function isModel<D extends Keyed>(source: Source<D>): source is DocumentModel<D> {
  return 'schema' in source;
}

/**
 * Inserts documents side by side; those whose `_id` exists are left alone.
 * @returns indexes of the documents that existed, earlier ones of the same call included
 */
export async function insertNew<D extends Keyed>(source: Source<D>, documents: NoInfer<D>[]): Promise<number[]> {
  if (documents.length === 0) return [];
  try {
    if (isModel(source)) await source.insertMany(documents, { ordered: false, throwOnValidationError: true });
    else await source.insertMany(documents as mongoose.mongo.OptionalUnlessRequiredId<D>[], { ordered: false });
    return [];
  } catch (error) {
    throwUnfit(error);
    if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) throw error;
    const failed = [error.writeErrors].flat();
    const onlyDuplicates = failed.length > 0 && failed.every((one) => one.code === duplicateKey);
    if (!onlyDuplicates || error.result.getWriteConcernError() !== undefined) throw error;
    return failed.map((one) => one.index);
  }
}

/** A model inserts the others, and among what became of each hides that one does not fit its schema. */
function throwUnfit(error: unknown): void {
  const { results = [] } = error as { results?: unknown[] };
  const unfit = results.find((one) => one instanceof mongoose.Error.ValidationError);
  if (unfit !== undefined) throw unfit;
}

/**
 * The same, and what is stored under those ids. A document that stood in the way and is gone when it is looked for (a
 * primary that failed took it back, another process removed it) is inserted after all.
 * @returns by index, the documents that existed
 * @throws RetryableError `store_unavailable` when the store goes on refusing what it does not show
 */
export async function insertOrFind<D extends Keyed>(
  source: Source<D>,
  documents: NoInfer<D>[],
  projection?: Projection<D>,
): Promise<Map<number, D>> {
  const stored = new Map<number, D>();
  let left = documents.map((_, index) => index);
  await untilTold(async () => {
    const taken = await insertNew(
      source,
      left.map((index) => documents[index]!),
    );
    const existed = taken.map((at) => left[at]!);
    const found = await findByIds(
      source,
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
 * Writes a document whole, over one that may stand under its id. A value that does not fit the schema is refused: without
 * validators mongoose would write the others and leave it out.
 * @param over further conditions of what is replaced
 */
export async function putDocument<D extends Keyed>(
  model: DocumentModel<D>,
  document: NoInfer<D>,
  over: QueryFilter<D> = {},
): Promise<void> {
  const filter = { _id: document._id, ...over } as QueryFilter<D>;
  await model.replaceOne(filter, document, { upsert: true, runValidators: true });
}

/**
 * An upsert over documents that fulfil a condition. Where one stands that does not, the store tries to insert beside
 * it and finds the id taken; the same happens when two upserts insert at once, and then it is tried again.
 * @returns false when a document that does not fulfil `over` stands there
 * @throws RetryableError `store_unavailable` when the store goes on refusing what it does not show
 */
export async function upsertOver<D extends Keyed>(
  model: DocumentModel<D>,
  { _id, ...over }: QueryFilter<D> & Pick<D, '_id'>,
  upsert: (filter: QueryFilter<D>) => PromiseLike<unknown>,
): Promise<boolean> {
  const filter = { _id, ...over } as QueryFilter<D>;
  let isWritten = false;
  await untilTold(async () => {
    try {
      await upsert(filter);
      return (isWritten = true);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    if ((await model.findOne(filter, { _id: 1 }).lean()) !== null) return false;
    return (await findById<D>(model, _id, { _id: 1 })) !== null;
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
