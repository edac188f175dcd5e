/** Counting no further than is wanted, so that it stays quick in a large collection. */
import type { QueryFilter } from 'mongoose';
import type { DocumentModel } from './model.ts';

export interface BoundedCount {
  count: number;
  /** There are more. */
  isMore: boolean;
}

/** On the embedded store, PostgreSQL counts. @param filter compares fields with texts, numbers, booleans or null */
export async function countUpTo<D>(
  model: DocumentModel<D>,
  filter: QueryFilter<D>,
  most: number,
): Promise<BoundedCount> {
  const found = await model.countDocuments(filter, { limit: most + 1 });
  return { count: Math.min(found, most), isMore: found > most };
}
