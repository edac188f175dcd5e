/**
 * Checks of single members, written by hand because every Kafka message passes through them (a schema library took
 * several times as long). Each returns the value as it is used, undefined where it is absent, and adds a problem where
 * it is wrong. An explicit null counts as absent.
 */
import type { ProblemCode } from '#libs/domain/errors/problem-codes.ts';
import type { ProblemList } from '#libs/domain/errors/problem-list.ts';
import { parseIsoTime } from '#libs/domain/values/iso-time.ts';
import { isJsonObject, type JsonObject } from '#libs/domain/json/json-object.ts';
import { maxExactNumber } from './exact-numbers.ts';

export const textLimits = {
  /** Event ids, also those in `causation`. */
  id: 1000,
  /** Trigger names, brands, group names, customer ids. */
  name: 200,
  /** Entries of a causation chain; it is cut off by its depth long before. */
  causation: 100,
} as const;

/** Bytes of a text that serves as a key: the index of the run log takes 2704, its other fields among them. */
const maxKeyLength = 2000;
/** No character of UTF-16 takes more in UTF-8. */
const bytesOfCharacter = 3;

// Control characters break logs and keys; unpaired surrogates turn into one and the same character on the wire.
const unfit = /[\p{Cc}\p{Cs}]/u;
const digits = /^\d{1,15}$/;

/** Reads the members of one object and remembers what is wrong with them. */
export class RecordCheck {
  readonly #record: JsonObject;
  readonly #path: string;
  readonly #problems: ProblemList;

  /** @param path of the object, with its dot, e.g. `record.`; empty for the whole message */
  constructor(record: JsonObject, path: string, problems: ProblemList) {
    this.#record = record;
    this.#path = path;
    this.#problems = problems;
  }

  /** The member's own value; null and absent are undefined. */
  value(name: string): unknown {
    // The prototype's members are functions, which no check lets pass; `__proto__` is never asked for.
    return this.#record[name] ?? undefined;
  }

  #fit<Value>(name: string, value: Value | null, expected: string): Value | undefined {
    return value ?? this.fail(name, 'wrong_type', `is ${describeKind(this.value(name))}: expected ${expected}`);
  }

  fail(name: string, code: ProblemCode, message: string): undefined {
    this.#problems.add(this.#path + name, code, `${this.#path}${name} ${message}`);
    return undefined;
  }

  missing(name: string, expected: string): undefined {
    return this.fail(name, 'required', `is missing: expected ${expected}`);
  }

  /** Text of any content. */
  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'string') return value;
    return this.fail(name, 'wrong_type', `is ${describeKind(value)}: expected a string`);
  }

  /** Text, also where a whole number writes it, as some write phone numbers and codes. */
  writtenText(name: string): string | undefined {
    const value = this.value(name);
    return Number.isSafeInteger(value) ? String(value) : this.text(name);
  }

  /** Text that serves as a key: not empty, without control characters, not too long. */
  name(name: string, limit: number = textLimits.name): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const issue = nameIssue(value, limit);
    return issue === null ? value : this.fail(name, 'wrong_value', issue);
  }

  /** An id of text, also where a whole number writes it. */
  id(name: string): string | undefined {
    const value = this.value(name);
    return typeof value === 'number' ? this.#fit(name, readTextId(value), 'a string') : this.name(name);
  }

  requiredName(name: string, limit?: number): string {
    if (this.value(name) === undefined) this.missing(name, 'a string');
    return this.name(name, limit) ?? '';
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    return this.fail(name, 'wrong_type', `is ${describeKind(value)}: expected a number`);
  }

  integer(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value))) return value;
    return this.fail(name, 'wrong_type', `is ${describeKind(value)}: expected a whole number`);
  }

  /** A whole number of at least 0, or text of digits: an id, a login, a level. */
  counted(name: string): number | undefined {
    const value = this.value(name);
    return value === undefined ? undefined : this.#fit(name, readLogin(value), 'a whole number of at least 0');
  }

  requiredLogin(name: string): number {
    if (this.value(name) === undefined) this.missing(name, 'the login, a whole number');
    return this.counted(name) ?? 0;
  }

  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    if (value === 0 || value === 1) return value === 1;
    return this.fail(name, 'wrong_type', `is ${describeKind(value)}: expected true, false, 1 or 0`);
  }

  /** An object; an empty one when it is absent or wrong. */
  requiredObject(name: string): JsonObject {
    const value = this.value(name);
    if (isJsonObject(value)) return value;
    if (value === undefined) this.missing(name, 'an object');
    else this.fail(name, 'wrong_type', `is ${describeKind(value)}: expected an object`);
    return {};
  }

  /** @returns the time in UTC with milliseconds, the form in which times can be compared as text */
  time(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || normalTime.test(value)) return value;
    const ms = parseIsoTime(value);
    if (ms !== null) return new Date(ms).toISOString();
    return this.fail(name, 'wrong_value', 'is no time: expected ISO 8601, e.g. 2026-01-31T12:00:00Z');
  }

  /** Event ids that led to this event. */
  causation(name: string): string[] {
    const value = this.value(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.fail(name, 'wrong_type', `is ${describeKind(value)}: expected a list of event ids`);
      return [];
    }
    if (value.length > textLimits.causation) {
      this.fail(name, 'too_long', `has ${value.length} entries: at most ${textLimits.causation} are allowed`);
      return [];
    }
    const items: unknown[] = value;
    return items.filter((item, index): item is string => {
      const issue =
        typeof item === 'string' ? nameIssue(item, textLimits.id) : `is ${describeKind(item)}: expected a string`;
      if (issue !== null) this.fail(`${name}[${index}]`, 'wrong_value', issue);
      return issue === null;
    });
  }
}

/** @returns what is wrong with a text that serves as a key, or null. */
export function nameIssue(text: string, limit: number): string | null {
  if (text === '') return 'is empty';
  if (text.length > limit) return `has ${text.length} characters: at most ${limit} are allowed`;
  if (text.length * bytesOfCharacter > maxKeyLength) {
    const bytes = Buffer.byteLength(text);
    if (bytes > maxKeyLength) return `takes ${bytes} bytes in UTF-8: at most ${maxKeyLength} are allowed`;
  }
  if (unfit.test(text)) return 'holds a control character or half a character';
  return null;
}

/** @returns the login, or null when the value is none. */
export function readLogin(value: unknown): number | null {
  if (typeof value === 'string' && digits.test(value)) return Number(value);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** @returns the id as text, or null when the value is none. Producers number customers, or name them. */
export function readTextId(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : null;
  return typeof value === 'string' && nameIssue(value, textLimits.name) === null ? value : null;
}

/** Names the type of a JSON value in words; never the value, which may be secret. */
export function describeKind(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'number' && Math.abs(value) > maxExactNumber) return `a number beyond ${maxExactNumber}`;
  if (typeof value === 'number') return Number.isInteger(value) ? 'a whole number' : 'a number';
  return `a ${typeof value}`;
}

/** Normal form, on a day that every month has. Nearly every producer sends it; anything else is looked at closely. */
const normalTime = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
