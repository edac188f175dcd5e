/**
 * Text from outside, made fit to be stored. PostgreSQL below FerretDB holds no NUL character, and its unique indexes
 * take keys up to 2.7 KB; one such value would fail its whole batch, again on every retry.
 */
import { createHash } from 'node:crypto';

const maxPlainKeyLength = 512;

/** The text without NUL characters, each replaced by U+FFFD as a broken character is. */
export function storeText(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

/** An id from outside as a document's `_id`: itself, or its SHA-256 (hex) when it is longer than 512 characters. */
export function storeKey(id: string): string {
  return id.length > maxPlainKeyLength ? createHash('sha256').update(id).digest('hex') : storeText(id);
}

/** `storeText` for every text in a small plain value; member names are ours and left alone. */
export function storeValue<T>(value: T): T {
  if (typeof value === 'string') return storeText(value) as T;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => storeValue(item)) as T;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, storeValue<unknown>(member)])) as T;
}
