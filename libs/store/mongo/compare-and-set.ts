/** Optimistic update: on a conflict, the document is read and the change planned again. */
import { randomInt } from 'node:crypto';
import type { mongo, QueryFilter } from 'mongoose';
import { setTimeout as sleep } from 'node:timers/promises';
import { findById, insertNew, isModel, type Source } from './by-id.ts';

export interface Revised {
  _id: string;
  /** +1 with each change. */
  revision: number;
}

/** In place of a content: nothing is to be stored under this id. */
export const removal = Symbol('removal');

/** One that is made anew must not pass for the one before it, which was removed. */
const maxFirstRevision = 2 ** 40;

type Content<D extends Revised> = Omit<D, keyof Revised>;

/**
 * @param plan pure, from what is stored (null = nothing) to what it is to hold instead; null = as it is, `removal` = nothing
 * @returns what the plan gave that was executed
 */
export async function compareAndSet<D extends Revised, Result>(
  source: Source<D>,
  id: string,
  plan: (stored: D | null) => Promise<{ result: Result; content: Content<D> | typeof removal | null }>,
): Promise<Result> {
  for (;;) {
    const stored = await findById(source, id);
    const { result, content } = await plan(stored);
    if (content === null || (await write(source, id, stored, content))) return result;
    // Those who lost the same race do not run the next one side by side.
    await sleep(Math.random() * 5);
  }
}

async function write<D extends Revised>(
  source: Source<D>,
  id: string,
  stored: D | null,
  content: Content<D> | typeof removal,
): Promise<boolean> {
  if (stored === null) {
    if (content === removal) return true;
    const taken = await insertNew(source, [{ ...content, _id: id, revision: randomInt(maxFirstRevision) } as D]);
    return taken.length === 0;
  }
  const filter = { _id: id, revision: stored.revision };
  if (content === removal) return remove(source, filter);
  const update = { $set: { ...content, revision: stored.revision + 1 } };
  const { matchedCount } = isModel(source)
    ? await source.updateOne(filter as QueryFilter<D>, update)
    : await source.updateOne(filter as mongo.Filter<D>, update as unknown as mongo.UpdateFilter<D>);
  return matchedCount === 1;
}

async function remove<D extends Revised>(source: Source<D>, filter: Revised): Promise<boolean> {
  const { deletedCount } = isModel(source)
    ? await source.deleteOne(filter as QueryFilter<D>)
    : await source.deleteOne(filter as mongo.Filter<D>);
  return deletedCount === 1;
}
