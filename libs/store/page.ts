/** Pages of a list in a stable order. The cursor names the last entry seen, so pages neither overlap nor skip. */
import type { QueryFilter } from 'mongoose';
import { InvalidInputError } from '#libs/domain/errors.ts';

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

const largestPage = 500;

export function pageSize(limit: number | undefined): number {
  return Math.min(Math.max(limit ?? 50, 1), largestPage);
}

export function encodeCursor(keys: SortKey[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url');
}

/** @param types of the sort keys @throws InvalidInputError for anything `encodeCursor` did not make of such keys */
export function decodeCursor(cursor: string, types: readonly ('string' | 'number')[]): SortKey[] {
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
export function afterCursor<D>(sort: Record<string, 1 | -1>, keys: SortKey[]): QueryFilter<D> {
  const fields = Object.entries(sort);
  const alternatives = fields.map(([field, direction], index) => ({
    ...Object.fromEntries(fields.slice(0, index).map(([earlier], at) => [earlier, keys[at]])),
    [field]: { [direction === 1 ? '$gt' : '$lt']: keys[index] },
  }));
  return { $or: alternatives };
}
