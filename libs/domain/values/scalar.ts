/** Readings of single values that conditions and contexts share. None of them throws; undefined = not such a value. */
import { parseIsoTime } from './iso-time.ts';
import { plainNumber } from './plain-number.ts';

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Finite numbers, and text that writes one. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'string') {
    if (!decimal.test(value)) return undefined;
    const number = Number(value);
    return Number.isFinite(number) ? number : undefined;
  }
  return finiteNumber(value);
}

/** The number that a value is or writes; a text of which a number would lose digits stays as it is. */
export function exactNumber(value: unknown): number | string | undefined {
  const number = toNumber(value);
  if (number === undefined || typeof value !== 'string') return number;
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) return value;
  return significantDigits(value) === significantDigits(plainNumber(number)) ? number : value;
}

/** Of a decimal text: of two texts for nearly the same number they tell whether it is the same. */
function significantDigits(text: string): string {
  const [mantissa = ''] = text.split(/e/i, 1);
  const digits = mantissa.replace(/\D/g, '');
  let [start, end] = [0, digits.length];
  while (start < end && digits[start] === '0') start += 1;
  while (end > start && digits[end - 1] === '0') end -= 1;
  return digits.slice(start, end);
}

const wholeText = /^([+-]?)0*(\d{16,})$/;

/**
 * What tells numbers, and texts that write one, from each other. A text of more digits than a number can hold is told
 * by its digits: read as a number it would be the same as its neighbours.
 */
export function numberKey(value: unknown): number | string | undefined {
  const number = toNumber(value);
  if (number === undefined || Number.isSafeInteger(number) || typeof value !== 'string') return number;
  const [, sign, digits] = wholeText.exec(value) ?? [];
  return digits === undefined ? number : `${sign === '-' ? '-' : ''}${digits}`;
}

export function finiteNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Milliseconds since 1970 of a text that is an ISO 8601 time. */
export function toTime(value: unknown): number | undefined {
  return typeof value === 'string' ? (parseIsoTime(value) ?? undefined) : undefined;
}

export function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === 1 ? true : value === 0 ? false : undefined;
}
