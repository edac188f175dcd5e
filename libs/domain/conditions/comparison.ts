/**
 * What "equal" and "greater" mean for a field. Equality is defined through a key: two values are equal when they have
 * the same key. So an equality test can be looked up in a hash table and means exactly the same there.
 */
import { fieldType, ignoresCase, type FieldType } from '../context/fields.ts';
import { finiteNumber, numberKey, toBoolean, toNumber, toTime } from '../values/scalar.ts';

export type Key = string | number | boolean;

/** @returns the key of a value, or undefined for a value that equals nothing (missing, null, an object). */
export type ToKey = (value: unknown) => Key | undefined;

/** Reads a value as a place on a line; undefined = it has none. The function's identity names the line. */
export type Ordinal = (value: unknown) => number | undefined;

export interface Comparison {
  keyOf: ToKey;
  fold: (text: string) => string;
  ignoresCase: boolean;
  /** The line on which values are compared with this rule value, and where it lies; null when it lies on none. */
  place: (value: unknown) => { ordinal: Ordinal; at: number } | null;
}

const keep = (text: string): string => text;
/** Remembers the last text: all rules for an event fold the same ones, one field after the other. */
const lower = rememberingLast((text) => text.toLowerCase());

const keyOfId: ToKey = (value) => (typeof value === 'string' ? value : finiteNumber(value)?.toString());
const keyAsIs: ToKey = (value) =>
  typeof value === 'string' || typeof value === 'boolean' ? value : finiteNumber(value);
const keyIgnoringCase: ToKey = (value) => (typeof value === 'string' ? lower(value) : keyAsIs(value));

const keysByType: Record<FieldType, ToKey> = {
  number: numberKey,
  integer: numberKey,
  boolean: toBoolean,
  id: keyOfId,
  string: keyAsIs,
  any: keyAsIs,
};

export function findComparison(path: string): Comparison {
  const type = fieldType(path);
  const isNumeric = type === 'number' || type === 'integer';
  const folds = ignoresCase(path);
  return {
    keyOf: folds ? keyIgnoringCase : keysByType[type],
    fold: folds ? lower : keep,
    ignoresCase: folds,
    place: (value) => {
      const ordinal = isNumeric ? toNumber : typeof value === 'number' ? finiteNumber : toTime;
      const at = ordinal(value);
      return at === undefined ? null : { ordinal, at };
    },
  };
}

function rememberingLast(fold: (text: string) => string): (text: string) => string {
  let last = '';
  let folded = fold(last);
  return (text) => {
    if (text !== last) [last, folded] = [text, fold(text)];
    return folded;
  };
}
