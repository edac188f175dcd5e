/** Pages of a list in a stable order. The cursor names the last entry seen, so pages neither overlap nor skip. */
import type { QueryFilter } from 'mongoose';
import { InvalidInputError } from '#libs/domain/errors/errors.ts';
import type { DocumentModel } from './model.ts';

export interface Page<T> {
  items: T[];
  /** Give it back as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}

export interface PageRequest {
  cursor?: string;
  /** 1 to 500; 50 when left out. */
  limit?: number;
}

type SortKey = string | number;

const maxPageSize = 500;

export interface PageQuery<D> {
  filter: QueryFilter<D>;
  /** Its fields are in every document, and together name one. */
  sort: Readonly<Record<string, 1 | -1>>;
  /** Of the fields to sort by. */
  types: readonly ('string' | 'number')[];
  projection?: { [Field in keyof D]?: 0 };
}

/** @throws InvalidInputError for a wrong cursor */
export async function readPage<D>(
  model: DocumentModel<D>,
  { filter, sort, types, projection }: PageQuery<D>,
  { cursor, limit }: PageRequest = {},
): Promise<Page<D>> {
  const size = pageSize(limit);
  // Beside the filter, whose own alternatives it must not replace, and whose equalities lead to an index.
  const { $and = [] } = filter;
  const rest = cursor === undefined ? {} : { $and: [...$and, afterCursor<D>(sort, decodeCursor(cursor, types))] };
  const documents = await model
    .find({ ...filter, ...rest }, projection)
    .sort(sort)
    .limit(size + 1)
    .lean<D[]>();
  const items = documents.slice(0, size);
  const last = documents.length > size ? (items.at(-1) as Record<string, SortKey> | undefined) : undefined;
  return { items, nextCursor: last ? encodeCursor(Object.keys(sort).map((field) => last[field]!)) : null };
}

function pageSize(limit: number | undefined): number {
  return Math.min(Math.max(limit ?? 50, 1), maxPageSize);
}

export function encodeCursor(keys: SortKey[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url');
}

/** @param types of the sort keys @throws InvalidInputError for anything `encodeCursor` did not make of such keys */
function decodeCursor(cursor: string, types: readonly ('string' | 'number')[]): SortKey[] {
  let keys: unknown;
  try {
    keys = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    keys = null;
  }
  if (areSortKeys(keys, types)) return keys;
  const message = 'The cursor is not one that this list gave.';
  throw new InvalidInputError(message, [{ path: 'cursor', code: 'invalid_cursor', message }]);
}

function areSortKeys(value: unknown, types: readonly string[]): value is SortKey[] {
  return Array.isArray(value) && value.length === types.length && types.every((type, at) => typeof value[at] === type);
}

/** Everything after the entry with these sort keys: greater in the first field, or equal there and greater in the next… */
function afterCursor<D>(sort: PageQuery<D>['sort'], keys: SortKey[]): QueryFilter<D> {
  const fields = Object.entries(sort);
  const alternatives = fields.map(([field, direction], index) => ({
    ...Object.fromEntries(fields.slice(0, index).map(([earlier], at) => [earlier, keys[at]])),
    [field]: { [direction === 1 ? '$gt' : '$lt']: keys[index] },
  }));
  return { $or: alternatives };
}
