/** Readings of single values that conditions and contexts share. None of them throws; undefined = not such a value. */
import { parseIsoTime } from './iso-time.ts';

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
