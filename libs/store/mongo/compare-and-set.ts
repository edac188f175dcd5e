/** Optimistic update: on a conflict, the document is read and the change planned again. */
import type mongoose from 'mongoose';
import type { Collection } from 'mongoose';
import { setTimeout as sleep } from 'node:timers/promises';
import { findById, insertNew } from './by-id.ts';

export interface Revised {
  _id: string;
  /** +1 with each change. */
  revision: number;
}

type Content<D extends Revised> = Omit<D, keyof Revised>;

/**
 * @param plan pure, from what is stored (null = nothing) to what it is to hold instead; null = as it is
 * @returns what the plan gave that was executed
 */
export async function compareAndSet<D extends Revised, Result>(
  collection: Collection<D>,
  id: string,
  plan: (stored: D | null) => Promise<{ result: Result; content: Content<D> | null }>,
): Promise<Result> {
  for (;;) {
    const stored = await findById(collection, id);
    const { result, content } = await plan(stored);
    if (content === null || (await write(collection, id, stored, content))) return result;
    // Those who lost the same race do not run the next one side by side.
    await sleep(Math.random() * 5);
  }
}

async function write<D extends Revised>(
  collection: Collection<D>,
  id: string,
  stored: D | null,
  content: Content<D>,
): Promise<boolean> {
  if (stored === null) {
    const taken = await insertNew(collection, [{ ...content, _id: id, revision: 1 } as D]);
    return taken.length === 0;
  }
  const filter = { _id: id, revision: stored.revision } as mongoose.mongo.Filter<D>;
  const update = { $set: { ...content, revision: stored.revision + 1 } } as unknown as mongoose.mongo.UpdateFilter<D>;
  return (await collection.updateOne(filter, update)).matchedCount === 1;
}
