/** Checks one parameter of an action against the catalogue: as a person wrote it, and as a run gets to see it. */
import type { ActionParam, ParamType } from './action-catalog.ts';
import type { Expectation, ProblemParams } from '../errors/problem-codes.ts';
import { isJsonObject } from '../json/json-object.ts';

/** Prose for people: its end may be left out. Addresses, bodies, codes and the like mean something as a whole. */
export function isShortenable({ type, values, holds, check }: ActionParam): boolean {
  return type === 'string' && values === undefined && holds === undefined && check === undefined;
}

/** What is wrong with a value: a sentence that continues "params.x …", and what a text in another language needs. */
export interface ParamIssue {
  message: string;
  params?: ProblemParams;
}

/** @returns what is wrong with a value, or null. */
export function paramIssue(param: ActionParam, value: unknown): ParamIssue | null {
  return typeIssue(param, value) ?? rangeIssue(param, value) ?? checkIssue(param, value);
}

/** @returns what the check of the parameter's own has against a value, or null. */
export function checkIssue({ check, expects }: ActionParam, value: unknown): ParamIssue | null {
  const message = check?.(value) ?? null;
  return message === null ? null : { message, ...(expects !== undefined && { params: { expected: expects } }) };
}

const types: Record<ParamType, { accepts: (value: unknown) => boolean; expected: string; code: Expectation }> = {
  string: { accepts: (value) => typeof value === 'string', expected: 'a text', code: 'text' },
  integer: { accepts: Number.isInteger, expected: 'a whole number', code: 'whole_number' },
  number: { accepts: Number.isFinite, expected: 'a number', code: 'number' },
  boolean: { accepts: (value) => typeof value === 'boolean', expected: 'true or false', code: 'boolean' },
  id: {
    accepts: (value) => typeof value === 'string' || Number.isSafeInteger(value),
    expected: 'a text or a whole number',
    code: 'id',
  },
  object: { accepts: isJsonObject, expected: 'an object', code: 'object' },
  headers: {
    accepts: (value) => isJsonObject(value) && Object.values(value).every((text) => typeof text === 'string'),
    expected: 'an object whose values are all texts',
    code: 'http_headers',
  },
};

export function typeIssue({ type, values }: ActionParam, value: unknown): ParamIssue | null {
  if (values !== undefined) {
    if (typeof value === 'string' && values.includes(value)) return null;
    return { message: `must be one of ${values.join(', ')}`, params: { expected: 'one_of', values } };
  }
  const { accepts, expected, code } = types[type];
  return accepts(value) ? null : { message: `must be ${expected}`, params: { expected: code } };
}

function rangeIssue(
  { type, min = -Infinity, max = Infinity, clamped = false }: ActionParam,
  value: unknown,
): ParamIssue | null {
  if (typeof value === 'string') {
    if (value.length < min && min === 1) {
      return { message: 'must not be empty', params: { expected: 'filled_text' } };
    }
    if (value.length < min) {
      return { message: `must have at least ${min} characters`, params: { expected: 'min_length', min } };
    }
    const message = `has ${value.length} characters: at most ${max} are allowed`;
    return value.length > max ? { message, params: { expected: 'max_length', max } } : null;
  }
  // The bounds of an id are those of its text.
  if (typeof value !== 'number' || type === 'id' || clamped) return null;
  if (!Number.isSafeInteger(value) && type === 'integer') {
    return { message: 'is too great a number', params: { expected: 'at_most', max: Number.MAX_SAFE_INTEGER } };
  }
  if (value < min) return { message: `must be at least ${min}`, params: { expected: 'at_least', min } };
  return value > max ? { message: `must be at most ${max}`, params: { expected: 'at_most', max } } : null;
}
