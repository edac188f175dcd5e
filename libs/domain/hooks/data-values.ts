/** The values of data items that are no files, as they are kept. */
import { parseIsoTime } from '../values/iso-time.ts';
import { isStorableText } from '../values/storable-text.ts';
import type { Fail } from './parameter-problems.ts';

/** Each returns null when the value is wrong, which `fail` was told. */
export const valueReaders = {
  TEXT(value: unknown, fail: Fail): string | null {
    if (typeof value !== 'string') return failed(fail, 'must have a text as textValue');
    if (isStorableText(value)) return value;
    return failed(fail, 'must not hold a NUL character or half a surrogate pair, which cannot be kept');
  },

  NUMERIC(value: unknown, fail: Fail): number | null {
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      return failed(fail, 'must have a finite number as numericValue');
    }
    // Greater whole numbers have neighbours that are read as one and the same.
    if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
    return failed(fail, `must not be beyond ${Number.MAX_SAFE_INTEGER}: greater numbers cannot be kept exactly`);
  },

  DATETIME(value: unknown, fail: Fail): string | null {
    const time = typeof value === 'string' ? toUtc(value) : null;
    return time ?? failed(fail, 'must have an ISO 8601 time as dateTimeValue, such as 2026-11-21T09:30:00.000Z');
  },
};

/** @returns ISO 8601 UTC with milliseconds; null when the text is no time, or none of the years 0 to 9999 */
export function toUtc(text: string): string | null {
  const time = parseIsoTime(text);
  const utc = time === null ? '' : new Date(time).toISOString();
  return /^\d{4}-/.test(utc) ? utc : null;
}

function failed(fail: Fail, message: string): null {
  fail('', 'invalid_input', message);
  return null;
}
